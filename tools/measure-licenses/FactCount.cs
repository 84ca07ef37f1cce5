using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Tools.MeasureLicenses;

/// <summary>Counts the cells of the table of facts: of every licence of the Hub's list and of every reference text.</summary>
internal static class FactCount
{
    public static void Write(TextWriter output, string folder)
    {
        var texts = Directory.EnumerateFiles(folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).ToList();
        var hub = LicenseDesk.All.Where(license => license.HubId is not null).ToList();
        var licenses = hub.Union(texts.Select(LicenseDesk.Find).OfType<License>()).ToList();
        var cells = licenses.SelectMany(license => license.Facts).ToList();
        var open = cells.Count(cell => cell.Answer is null);
        output.WriteLine($"facts: {hub.Count} licences of the Hub's list, {texts.Count} texts ({texts.Count(id => LicenseDesk.Find(id)?.FactsSource is not null)} with facts), {licenses.Count} licences of {FactTag.All.Count} cells: {open} of {cells.Count} cells open ({open / (double)cells.Count:P1})");
        foreach (var (tag, count) in cells.Where(cell => cell.Answer is null).CountBy(cell => cell.Tag.Id).OrderByDescending(tag => tag.Value).Take(5)) output.WriteLine($"  open {tag,-28} {count,3}");
        foreach (var license in licenses.Where(license => license.Facts.Count(fact => fact.Answer is null) > 10)) output.WriteLine($"  not read: {license.Id} ({license.FactsSource})");
    }
}
