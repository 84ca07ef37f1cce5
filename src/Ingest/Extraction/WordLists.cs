namespace ModelAtlas.Ingest.Extraction;

/// <summary>The lists of facts that ship beside the extractors, one entry a line.</summary>
internal static class WordLists
{
    public static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(
            typeof(WordLists).Assembly.GetManifestResourceStream($"ModelAtlas.Ingest.Extraction.{file}")
            ?? throw new InvalidOperationException($"{file} is not part of this build."));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') yield return line;
        }
    }
}
