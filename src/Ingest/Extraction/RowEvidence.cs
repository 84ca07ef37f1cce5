using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Evidence of a list row or detail answer: fields and tags, no prose.</summary>
internal static class RowEvidence
{
    public static void Read(HubModel model, EvidenceNotes notes)
    {
        ReadWeights(model, notes);
        ReadLicense(model, notes);
        ReadCode(model, notes);
        ReadBases(model, notes);
        ReadData(model, notes);
    }

    private static void ReadWeights(HubModel model, EvidenceNotes notes)
    {
        if (model.Atlas?.Kind == "service")
        {
            notes.Add(Axis.Weights, Level.None, "_atlas.kind", "service", "facts-file", Strength.Claimed);
            return;
        }
        if (model.Removed == true || model.Disabled == true || model.Private == true)
            notes.Add(Axis.Weights, Level.Withdrawn, model.Removed == true ? "removed" : model.Disabled == true ? "disabled" : "private", "true", "state", Strength.Read);
        if (model.Siblings is { Count: > 0 } files)
        {
            var file = files.FirstOrDefault(file => WeightFiles.Holds(file.Path));
            if (file is not null) notes.Add(Axis.Weights, Published(model), "siblings", file.Path, "file-list", Strength.Read);
            else if (model.SiblingsTotal is null or 0) notes.Add(Axis.Weights, Level.Unknown, "siblings", $"none of {files.Count} files is a weight file", "file-list", Strength.Read);
            return;
        }
        if (model.Gated is Gating.Auto or Gating.Manual or Gating.Gated)
            notes.Add(Axis.Weights, Level.Gated, "gated", model.Gated == Gating.Gated ? "true" : model.Gated.ToString()?.ToLowerInvariant(), "gate", Strength.Read);
        else if (model.Safetensors is not null) notes.Add(Axis.Weights, Level.Public, "safetensors", null, "listed", Strength.Inferred);
        else if (model.Gguf is not null) notes.Add(Axis.Weights, Level.Public, "gguf", null, "listed", Strength.Inferred);
        else if (model.LibraryName is { } library) notes.Add(Axis.Weights, Level.Public, "library_name", library, "listed", Strength.Inferred);
        else if (model.PipelineTag is { } task) notes.Add(Axis.Weights, Level.Public, "pipeline_tag", task, "listed", Strength.Inferred);
        else if ((model.Tags?.FirstOrDefault(WeightFiles.IsFormatTag) ?? model.Tags?.FirstOrDefault(tag => Named(tag) is not null)) is { } format) notes.Add(Axis.Weights, Level.Public, "tags", format, "listed", Strength.Inferred);
    }

    private static string Published(HubModel model) => model.Gated is Gating.Auto or Gating.Manual or Gating.Gated ? Level.Gated : Level.Public;

    private static void ReadLicense(HubModel model, EvidenceNotes notes)
    {
        var declared = model.CardData?.License;
        foreach (var license in declared ?? [])
            notes.Add(Axis.License, license, "cardData.license", license, "declared", Strength.Claimed);
        if (model.CardData?.LicenseName is { } name)
            notes.Add(Axis.License, name, "cardData.license_name", model.CardData.LicenseLink is { } link ? $"{name} ({link})" : name, "declared", Strength.Claimed);
        foreach (var tag in model.Tags ?? [])
        {
            if (!tag.StartsWith("license:", StringComparison.Ordinal)) continue;
            var license = tag["license:".Length..];
            if (declared?.Contains(license, StringComparer.OrdinalIgnoreCase) != true)
                notes.Add(Axis.License, license, "tags", tag, "declared", Strength.Claimed);
        }
    }

    private static void ReadCode(HubModel model, EvidenceNotes notes)
    {
        var library = Named(model.LibraryName) ?? Named(model.CardData?.LibraryName) ?? model.Tags?.FirstOrDefault(tag => Named(tag) is not null);
        if (library is not null)
            notes.Add(Axis.CodeInference, Level.Open, "library_name", $"{library} ({KnownLibraries.RepositoryOf(library)})", "library", Strength.Claimed);
        else if (model.Gguf is not null || model.Tags?.Contains("gguf") == true)
            notes.Add(Axis.CodeInference, Level.Open, "gguf", "gguf (https://github.com/ggml-org/llama.cpp)", "library", Strength.Claimed);
    }

    private static string? Named(string? library) => library is not null && KnownLibraries.RepositoryOf(library) is not null ? library : null;

    private static void ReadBases(HubModel model, EvidenceNotes notes)
    {
        foreach (var (id, relation) in BaseNames.Of(model))
            notes.Add(Axis.Base, relation ?? Level.Unknown, "base_model", id, "declared", Strength.Claimed);
    }

    private static void ReadData(HubModel model, EvidenceNotes notes)
    {
        var listed = model.CardData?.Datasets ?? model.Tags?.Where(tag => tag.StartsWith("dataset:", StringComparison.Ordinal)).Select(tag => tag["dataset:".Length..]).ToList() ?? [];
        var named = listed.Where(DatasetNames.Identifies).ToList();
        if (named is not []) notes.Add(Axis.Data, Level.Described, "datasets", string.Join(", ", named), "declared", Strength.Claimed);
    }
}
