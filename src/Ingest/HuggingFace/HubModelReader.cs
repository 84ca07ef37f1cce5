using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Reads one JSON object of any shape the hub, a copy of it or our own tables ever had. Tolerant in every field, strict about the row.</summary>
public static class HubModelReader
{
    /// <param name="trusted">True for our own facts file and tables: only there does <c>_atlas</c> count.</param>
    /// <param name="issues">Gets a sentence for each field that was mended; the model keeps its own in <see cref="HubModel.Issues"/>.</param>
    /// <param name="reason">Why no row could be made of it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json, bool trusted, [NotNullWhen(true)] out HubModel? model, List<string> issues, [NotNullWhen(false)] out string? reason)
    {
        model = null;
        var fields = new FieldReader(json, TimeProvider.System.GetUtcNow().UtcDateTime + HubLimits.Ahead);
        var draft = new HubModelDraft();
        try
        {
            fields.Read();
            if (fields.Token != JsonTokenType.StartObject)
            {
                reason = "not a JSON object";
                return false;
            }
            while (fields.NextField(out var name)) Take(ref fields, draft, name, trusted);
            if (fields.Read()) throw new JsonException();
        }
        catch (JsonException)
        {
            reason = fields.Refusal;
            return false;
        }
        reason = draft.Refusal ?? RepoId.Refuse(draft.Id ?? draft.ModelId);
        if (reason is not null) return false;
        if (fields.Issues is { } found) issues.AddRange(found);
        model = draft.ToModel(fields.Issues);
        return true;
    }

    private static void Take(ref FieldReader fields, HubModelDraft draft, ReadOnlySpan<byte> name, bool trusted)
    {
        var field = HubField.Of(name);
        var again = field is not (HubField.Name.Other or HubField.Name.Volatile) && !draft.IsFirst(field);
        if (again) fields.Note($"{HubField.Text(name)}: given twice");
        if (fields.Token == JsonTokenType.Null)
        {
            if (HubField.MeansNone(field) && !again) (draft.Nulls ??= []).Add(HubField.Text(name));
            return;
        }
        switch (field)
        {
            case HubField.Name.Id: draft.TakeId(fields.Text("id", HubLimits.IdLength + 1)); break;
            case HubField.Name.ModelId: draft.ModelId ??= fields.Text("modelId", HubLimits.IdLength + 1); break;
            case HubField.Name.HubId: draft.HubId = Same(ref fields, "_id", draft.HubId, fields.Hex("_id", 24), again); break;
            case HubField.Name.Author: draft.Author ??= fields.Word("author"); break;
            case HubField.Name.Sha: draft.Sha = Same(ref fields, "sha", draft.Sha, fields.Hex("sha", 40), again); break;
            case HubField.Name.CreatedAt: draft.CreatedAt ??= fields.Date("createdAt"); break;
            case HubField.Name.LastModified: draft.LastModified ??= fields.Date("lastModified"); break;
            case HubField.Name.Private: draft.Private = Either(draft.Private, fields.Flag("private")); break;
            case HubField.Name.Disabled: draft.Disabled = Either(draft.Disabled, fields.Flag("disabled")); break;
            case HubField.Name.Gated: draft.Gated = HubModelDraft.Stricter(draft.Gated, fields.Gate("gated")); break;
            case HubField.Name.Downloads: draft.Downloads ??= fields.Count("downloads"); break;
            case HubField.Name.Likes: draft.Likes ??= fields.Count("likes"); break;
            case HubField.Name.TrendingScore: draft.TrendingScore ??= fields.Count("trendingScore"); break;
            case HubField.Name.PipelineTag: draft.PipelineTag ??= fields.Word("pipeline_tag"); break;
            case HubField.Name.LibraryName: draft.LibraryName ??= fields.Word("library_name"); break;
            case HubField.Name.UsedStorage: draft.UsedStorage ??= fields.Count("usedStorage", HubLimits.Parameters); break;
            case HubField.Name.Tags: HubListReader.Tags(ref fields, draft); break;
            case HubField.Name.Siblings: HubListReader.Files(ref fields, draft); break;
            case HubField.Name.CardData: HubCardReader.Take(ref fields, draft.Card); break;
            case HubField.Name.Safetensors: draft.Safetensors ??= HubPartReader.Safetensors(ref fields); break;
            case HubField.Name.Gguf: draft.Gguf ??= HubPartReader.Gguf(ref fields); break;
            case HubField.Name.Config: HubPartReader.Config(ref fields, draft); break;
            case HubField.Name.BaseModels: draft.BaseModels = HubModelDraft.Join(draft.BaseModels, HubPartReader.Bases(ref fields), HubLimits.Bases); break;
            case HubField.Name.Architectures: draft.Architectures ??= fields.Texts("architectures", 50, HubLimits.NameLength); break;
            case HubField.Name.Licenses: draft.Card.AddLicenses(fields.Texts("licenses", HubLimits.Licenses, HubLimits.LicenseText)); break;
            case HubField.Name.Datasets: draft.Card.AddDatasets(HubPartReader.Declared(ref fields, "datasets", HubLimits.Datasets)); break;
            case HubField.Name.Bases: draft.Card.AddBases(HubPartReader.Declared(ref fields, "bases", HubLimits.Bases)); break;
            case HubField.Name.Atlas when trusted: HubAtlasReader.Take(ref fields, draft); break;
            case HubField.Name.Atlas: fields.Wrong<object>("_atlas", "nothing: only our own facts file may say this"); break;
            case HubField.Name.Volatile: fields.Skip(); break;
            default: draft.TakeOther(ref fields, name, trusted); break;
        }
    }

    private static bool? Either(bool? left, bool? right) => left is null && right is null ? null : left == true || right == true;

    /// <summary>An identity that is given twice and differs is none.</summary>
    private static string? Same(ref FieldReader fields, string field, string? before, string? now, bool again)
    {
        if (!again || before == now) return now;
        fields.Note($"{field}: two different values, neither kept");
        return null;
    }
}
