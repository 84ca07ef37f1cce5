using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses.Texts;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Bundle;

/// <summary>Files of makers' own repositories, each with the page it is a copy of: what they say is cited from that page.</summary>
/// <remarks>A README may speak of several models with licences of their own, so of licences only the licence files are read.</remarks>
internal sealed class MakersFiles
{
    private readonly ILookup<string, (string Path, string Page)> _files;

    public MakersFiles(string list, string folder) => _files = File.ReadLines(list)
        .Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Where(words => words.Length > 0)
        .Select(words => words is [var id, var file, var page] ? (Id: id, File: (Path.Combine(folder, file), page)) : throw new InvalidDataException($"{list}: {string.Join(' ', words)}"))
        .ToLookup(line => line.Id, line => line.File, StringComparer.Ordinal);

    public IEnumerable<EvidenceItem> Of(string id, DateTimeOffset observed)
    {
        foreach (var (path, page) in _files[id])
        {
            var text = File.ReadAllText(path);
            if (path.EndsWith(".md", StringComparison.Ordinal))
            {
                foreach (var item in CardEvidence.Read(text, id, revision: null, observed).Prose)
                    if (item.Axis is not (Axis.Base or Axis.License)) yield return item with { Source = page };
            }
            else if (LicenseTexts.Identify(text) is { License: { } license } match)
            {
                var name = Path.GetFileName(path);
                yield return match.Match == TextMatchKind.Exact
                    ? new(Axis.License, license, page, name, null, null, observed, ReadBy.LicenseText, Strength.Read)
                    : new(Axis.License, license, page, name, match.Changed.Count > 0 ? match.Changed[0] : null, null, observed, ReadBy.AlteredText, Strength.Read);
            }
        }
    }
}
