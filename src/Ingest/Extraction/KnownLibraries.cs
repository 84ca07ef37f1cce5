using System.Collections.Frozen;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Libraries whose code is published, by the key that a hub row names, with their repository.</summary>
internal static class KnownLibraries
{
    private static readonly FrozenDictionary<string, string> Repositories = Load();

    public static string? RepositoryOf(string library) => Repositories.GetValueOrDefault(library);

    private static FrozenDictionary<string, string> Load()
    {
        using var reader = new StreamReader(
            typeof(KnownLibraries).Assembly.GetManifestResourceStream("ModelAtlas.Ingest.Extraction.Libraries.txt")
            ?? throw new InvalidOperationException("The list of libraries is not part of this build."));
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [var key, var repository]) found[key] = repository;
        }
        return found.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
