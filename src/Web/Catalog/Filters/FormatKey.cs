using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog.Filters;

/// <summary>The form of the weights, which the hub says as a tag, or as the library where there is none besides.</summary>
public sealed record FormatKey(string Name, string Label) : OptionKey(Name, Label)
{
    public override IReadOnlyList<(string Value, string Label)> Options { get; } = [("onnx", "ONNX"), ("safetensors", "Safetensors"), ("gguf", "GGUF")];

    internal override DocSet Passing(CatalogSnapshot index, string value, Workspace work) => work.Union(
    [
        .. index.Terms.Find(TermKind.Tag, value) is { } tag ? [index[Column.Tag].Of(tag)] : Array.Empty<DocSet>(),
        .. index.Terms.Find(TermKind.Library, value) is { } library ? [index[Column.Library].Of(library)] : Array.Empty<DocSet>(),
    ]);
}
