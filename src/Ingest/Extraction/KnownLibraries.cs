using System.Collections.Frozen;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Libraries whose code is published, by the key that a hub row names, with their repository.</summary>
internal static class KnownLibraries
{
    private static readonly FrozenDictionary<string, string> Repositories = WordLists.Lines("Libraries.txt")
        .Select(line => line.Split(' '))
        .ToFrozenDictionary(entry => entry[0], entry => entry[1], StringComparer.OrdinalIgnoreCase);

    public static string? RepositoryOf(string library) => Repositories.GetValueOrDefault(library);
}
