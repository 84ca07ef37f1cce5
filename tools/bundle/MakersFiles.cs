using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Bundle;

/// <summary>Files of makers' own repositories, each with the page it is a copy of: what they say is cited from that page.</summary>
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
            if (!path.EndsWith(".md", StringComparison.Ordinal)) continue;
            foreach (var item in CardEvidence.Read(File.ReadAllText(path), id, revision: null, observed).Prose)
                if (item.Axis != Axis.Base) yield return item with { Source = page };
        }
    }
}
