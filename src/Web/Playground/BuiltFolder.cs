using ModelAtlas.Ingest.Downloads;

namespace ModelAtlas.Web.Playground;

/// <summary>Where graphs are kept that were built from weights: beside the shelf.</summary>
internal static class BuiltFolder
{
    public static string Beside(ModelShelf shelf) => Path.Combine(Path.GetDirectoryName(shelf.Home) ?? shelf.Home, "built");
}
