using System.Collections.Frozen;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Libraries whose code is published, by the key that a hub row names, with their repository.</summary>
internal static class KnownLibraries
{
    private static readonly FrozenDictionary<string, string> Repositories = WordLists.Lines("Libraries.txt")
        .Select(line => line.Split(' '))
        .ToFrozenDictionary(entry => entry[0], entry => entry[1], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Tags = Repositories.Keys.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TagsBySpan = Tags.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for a tag that is a library's key as the hub writes it.</summary>
    public static bool IsTag(ReadOnlySpan<char> tag) => TagsBySpan.Contains(tag);

    public static IEnumerable<string> AllTags => Tags;

    public static string? RepositoryOf(string library) => Repositories.GetValueOrDefault(library);
}
