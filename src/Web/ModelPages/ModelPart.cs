using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages;

/// <summary>The pages that a model has.</summary>
public enum ModelPart
{
    Overview,
    Evidence,
    License,
    Lineage,
    History,
    Bom,
}

internal static class ModelParts
{
    public static readonly IReadOnlyList<ModelPart> All = Enum.GetValues<ModelPart>();

    public static string Label(this ModelPart part) => part switch { ModelPart.License => "Licence", ModelPart.Bom => "Materials", _ => part.ToString() };

    public static string Url(this ModelPart part, string repoId) =>
        CatalogUrl.Model(repoId) + (part == ModelPart.Overview ? "" : "/" + part.ToString().ToLowerInvariant());
}
