using System.Globalization;
using ModelAtlas.Domain.Licenses.Texts;

namespace ModelAtlas.Tools.MeasureLicenses;

/// <summary>Counts what was wanted and what came out.</summary>
internal sealed class Tally(bool show)
{
    private readonly List<(string Kind, string Name, string Id, TextMatch Match)> _seen = [];

    public int Count => _seen.Count;
    public int SeenCount => _seen.Count(entry => !entry.Name.StartsWith("left out", StringComparison.Ordinal));

    public void Harmless(string name, string id, TextMatch match) => _seen.Add(("harmless", name, id, match));

    public void Harmful(string name, string id, TextMatch match) => _seen.Add(("harmful", name, id, match));

    public void Foreign(string name, string id, TextMatch match) => _seen.Add(("foreign", name, id, match));

    public void Write(TextWriter output)
    {
        foreach (var group in _seen.GroupBy(entry => (entry.Kind, entry.Name)))
        {
            var exact = group.Count(entry => entry.Match.Match is TextMatchKind.Exact);
            var altered = group.Count(entry => entry.Match.Match is TextMatchKind.Altered);
            var right = group.Count(entry => entry.Match.License == entry.Id);
            output.WriteLine($"{group.Key.Kind,-9} {group.Key.Name,-36} {group.Count(),4} texts: {exact,4} exact, {altered,4} altered, {group.Count() - exact - altered,4} unknown; the right licence {right,4}");
            if (!show) continue;
            foreach (var (kind, _, id, match) in group)
            {
                var wanted = kind switch { "harmless" => match.Match is TextMatchKind.Exact && match.License == id, "harmful" => match.Match is TextMatchKind.Altered && match.License == id, _ => match.Match is TextMatchKind.Unknown };
                if (!wanted) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {id}: {match.Match} {match.License} {match.Similarity:0.0000} {string.Join(" | ", match.Changed.Take(3))}"));
            }
        }
        var harmless = _seen.Where(entry => entry.Kind is "harmless").ToList();
        var others = _seen.Where(entry => entry.Kind is not "harmless").ToList();
        var recall = harmless.Count(entry => entry.Match.Match is TextMatchKind.Exact && entry.Match.License == entry.Id) / (double)harmless.Count;
        var accepted = others.Where(entry => entry.Match.Match is TextMatchKind.Exact).ToList();
        var harmful = _seen.Where(entry => entry.Kind is "harmful").ToList();
        var named = harmful.Count(entry => entry.Match.Match is TextMatchKind.Altered && entry.Match.License == entry.Id) / (double)harmful.Count;
        output.WriteLine($"recall of exact {recall:P2} of {harmless.Count}; altered or unseen accepted as exact {accepted.Count} of {others.Count} ({accepted.Count / (double)others.Count:P2}); altered called altered of the right licence {named:P2}");
        if (show) foreach (var (_, name, id, match) in accepted) output.WriteLine($"      accepted: {name}: {id} as {match.License}");
    }
}
