namespace ModelAtlas.Ingest.Bundled;

/// <summary>The facts that come with the program: JSON lines in the hub's shape, each with <c>_atlas</c>. What they are and where they come from is in SOURCES.md beside them.</summary>
public static class BundledCatalogue
{
    /// <summary>What its rows are stored under, as the source they were seen in.</summary>
    public const string Source = "bundled";

    /// <summary>Opens the lines, which may be read as trusted. The caller disposes.</summary>
    public static Stream Open() =>
        typeof(BundledCatalogue).Assembly.GetManifestResourceStream("ModelAtlas.Ingest.Bundled.catalogue.jsonl")
        ?? throw new InvalidOperationException("The bundled catalogue is not part of this build.");
}
