using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Evidence of a list row, a detail answer or a card's front matter: fields and tags, no prose.</summary>
internal static class RowEvidence
{
    private const string LicenseTag = "license:";
    private const string DatasetTag = "dataset:";

    /// <summary>True for a tag that any evidence comes from.</summary>
    public static bool Reads(ReadOnlySpan<char> tag) => tag.Contains(':')
        ? tag.StartsWith(LicenseTag, StringComparison.Ordinal) || tag.StartsWith(DatasetTag, StringComparison.Ordinal) || tag.StartsWith(BaseNames.Tag, StringComparison.Ordinal)
        : WeightFiles.IsFormatTag(tag) || KnownLibraries.IsTag(tag);

    // Which lengths the read tags without a colon have that begin with a letter: most tags of a row are none of them, and need not become text to be known so.
    private static readonly ulong[] Lengths = LengthsByFirst();

    /// <summary>False for an ASCII tag that no evidence comes from, at a glance.</summary>
    public static bool MayRead(ReadOnlySpan<byte> tag)
    {
        if (tag.IsEmpty) return false;
        return tag.Contains((byte)':') ? tag[0] is (byte)'l' or (byte)'d' or (byte)'b' : tag.Length >= 64 || (Lengths[tag[0]] >> tag.Length & 1) != 0;
    }

    private static ulong[] LengthsByFirst()
    {
        var lengths = new ulong[256];
        foreach (var tag in WeightFiles.AllFormatTags.Concat(KnownLibraries.AllTags)) lengths[tag[0] & 255] |= 1ul << Math.Min(tag.Length, 63);
        return lengths;
    }

    public static void Read(HubModel model, EvidenceNotes notes)
    {
        ReadWeights(model, notes);
        ReadLicense(model, notes);
        ReadCode(model, notes);
        var bases = BaseNames.Of(model);
        foreach (var (id, relation) in bases) notes.Add(Axis.Base, relation ?? Level.Unknown, "base_model", id, "base-tag", Strength.Claimed);
        if (Datasets(model).Where(DatasetNames.Identifies).ToList() is not [_, ..] named) return;
        notes.Add(Axis.Data, Level.Described, "datasets", string.Join(", ", named), "datasets-tag", Strength.Claimed);
        if (bases is [] && named.TrueForAll(DatasetNames.IsForTuning)) notes.Add(Axis.Base, BaseRelations.Finetune, "datasets", null, "tuning-data", Strength.Inferred);
    }

    /// <summary>Every dataset id that the row names, from the card's field and the tags.</summary>
    public static IEnumerable<string> Datasets(HubModel model)
    {
        foreach (var id in model.CardData?.Datasets ?? []) yield return id;
        foreach (var tag in model.Tags ?? [])
        {
            if (!tag.StartsWith(DatasetTag, StringComparison.Ordinal)) continue;
            var id = tag[DatasetTag.Length..];
            if (model.CardData?.Datasets?.Contains(id, StringComparer.OrdinalIgnoreCase) != true) yield return id;
        }
    }

    private static void ReadWeights(HubModel model, EvidenceNotes notes)
    {
        if (model.Atlas?.Kind == "service")
        {
            notes.Add(Axis.Weights, Level.None, "_atlas.kind", "service", "facts-file", Strength.Claimed);
            return;
        }
        if (Gone(model) is { } gone) notes.Add(Axis.Weights, Level.Withdrawn, gone, "true", "state", Strength.Read);
        if (model.Siblings is { Count: > 0 } files)
        {
            var file = files.FirstOrDefault(file => WeightFiles.Holds(file.Path));
            if (file is not null) notes.Add(Axis.Weights, Published(model), "siblings", file.Path, "file-list", Strength.Read);
            else if (!(model.SiblingsTotal > files.Count)) notes.Add(Axis.Weights, Level.Unknown, "siblings", $"none of {files.Count} files holds weights", "file-list", Strength.Read);
        }
        else if (IsGated(model)) notes.Add(Axis.Weights, Level.Gated, "gated", model.Gated == Gating.Gated ? "true" : model.Gated == Gating.Auto ? "auto" : "manual", "gate", Strength.Read);
        else if (Listed(model) is { } listed) notes.Add(Axis.Weights, Level.Public, listed.Field, listed.Value, "listed", Strength.Inferred);
    }

    private static string? Gone(HubModel model) =>
        model.Withdrawn == true ? "withdrawn" : model.Removed == true ? "removed" : model.Disabled == true ? "disabled" : model.Private == true ? "private" : null;

    /// <summary>A row that the hub lists with one of these has weights until a file list says otherwise.</summary>
    private static (string Field, string? Value)? Listed(HubModel model)
    {
        if (model.Safetensors is not null) return ("safetensors", null);
        if (model.Gguf is not null) return ("gguf", null);
        if (model.LibraryName is { } library) return ("library_name", library);
        if (model.PipelineTag is { } task) return ("pipeline_tag", task);
        foreach (var tag in model.Tags ?? [])
        {
            if (WeightFiles.IsFormatTag(tag) || KnownLibraries.IsTag(tag)) return ("tags", tag);
        }
        return null;
    }

    private static bool IsGated(HubModel model) => model.Gated is Gating.Auto or Gating.Manual or Gating.Gated;

    private static string Published(HubModel model) => IsGated(model) ? Level.Gated : Level.Public;

    private static void ReadLicense(HubModel model, EvidenceNotes notes)
    {
        var card = model.CardData;
        foreach (var license in card?.License ?? []) notes.Add(Axis.License, license, "license", license, ReadBy.LicenseTag, Strength.Claimed);
        foreach (var tag in model.Tags ?? [])
        {
            if (!tag.StartsWith(LicenseTag, StringComparison.Ordinal)) continue;
            var license = tag[LicenseTag.Length..];
            if (card?.License?.Contains(license, StringComparer.OrdinalIgnoreCase) != true) notes.Add(Axis.License, license, "tags", tag, ReadBy.LicenseTag, Strength.Claimed);
        }
        if (card?.LicenseName is { } name) notes.Add(Axis.License, name, "license_name", name, ReadBy.LicenseName, Strength.Claimed);
        if (card?.LicenseLink is { } link && LicenseLinks.Names(link) is { } linked) notes.Add(Axis.License, linked, "license_link", link, ReadBy.LicenseName, Strength.Claimed);
    }

    private static void ReadCode(HubModel model, EvidenceNotes notes)
    {
        var library = Published(model.LibraryName) ?? Published(model.CardData?.LibraryName);
        foreach (var tag in library is null ? model.Tags ?? [] : [])
        {
            if (KnownLibraries.IsTag(tag)) library ??= tag;
        }
        if (library is not null)
            notes.Add(Axis.CodeInference, Level.Open, "library_name", $"{library} ({KnownLibraries.RepositoryOf(library)})", "library", Strength.Claimed);
        else if (model.Gguf is not null || model.Tags?.Contains("gguf") == true)
            notes.Add(Axis.CodeInference, Level.Open, "gguf", "gguf (https://github.com/ggml-org/llama.cpp)", "library", Strength.Claimed);
    }

    private static string? Published(string? library) => library is not null && KnownLibraries.RepositoryOf(library) is not null ? library : null;
}
