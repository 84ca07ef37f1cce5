using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>The form of the weights, which the hub says as a tag, or as the library where there is none besides.</summary>
public sealed record FormatKey(string Name, string Label) : FilterKey(Name, Label)
{
    private static readonly string[] Formats = ["onnx", "safetensors", "gguf"];

    public override string Allowed => string.Join(", ", Formats);

    public override string? Read(string value) => Formats.FirstOrDefault(format => format.Equals(value, StringComparison.OrdinalIgnoreCase));

    internal override DocSet Find(CatalogSnapshot index, IReadOnlyList<string> values, Workspace work) => work.Union(
    [
        .. values.Select(value => index.Terms.Find(TermKind.Tag, value)).OfType<int>().Select(index[Column.Tag].Of),
        .. values.Select(value => index.Terms.Find(TermKind.Library, value)).OfType<int>().Select(index[Column.Library].Of),
    ]);
}
