using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Reads one dataset row of the hub, as tolerant as <see cref="HubModelReader"/>.</summary>
public static class HubDatasetReader
{
    public static bool TryRead(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out HubDataset? dataset, List<string> issues, [NotNullWhen(false)] out string? reason)
    {
        dataset = null;
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
            while (fields.NextField(out var name)) Take(ref fields, draft, name);
            if (fields.Read()) throw new JsonException();
        }
        catch (JsonException)
        {
            reason = fields.Refusal;
            return false;
        }
        reason = draft.Refusal ?? RepoId.Refuse(draft.Id);
        if (reason is not null) return false;
        if (fields.Issues is { } found) issues.AddRange(found);
        dataset = ToDataset(draft, fields.Issues);
        return true;
    }

    private static void Take(ref FieldReader fields, HubModelDraft draft, ReadOnlySpan<byte> name)
    {
        var field = HubField.Of(name);
        if (field is not (HubField.Name.Other or HubField.Name.Volatile) && !draft.IsFirst(field)) fields.Note($"{HubField.Text(name)}: given twice");
        switch (field)
        {
            case HubField.Name.Id: draft.TakeId(fields.Text("id", HubLimits.IdLength + 1)); break;
            case HubField.Name.HubId: draft.HubId ??= fields.Hex("_id", 24); break;
            case HubField.Name.Author: draft.Author ??= fields.Word("author"); break;
            case HubField.Name.Sha: draft.Sha ??= fields.Hex("sha", 40); break;
            case HubField.Name.CreatedAt: draft.CreatedAt ??= fields.Date("createdAt"); break;
            case HubField.Name.LastModified: draft.LastModified ??= fields.Date("lastModified"); break;
            case HubField.Name.Private: draft.Private = fields.Flag("private") == true || draft.Private == true; break;
            case HubField.Name.Disabled: draft.Disabled = fields.Flag("disabled") == true || draft.Disabled == true; break;
            case HubField.Name.Gated: draft.Gated = HubModelDraft.Stricter(draft.Gated, fields.Gate("gated")); break;
            case HubField.Name.Downloads: draft.Downloads ??= fields.Count("downloads"); break;
            case HubField.Name.Likes: draft.Likes ??= fields.Count("likes"); break;
            case HubField.Name.Tags when fields.Token != JsonTokenType.Null: HubListReader.Tags(ref fields, draft); break;
            case HubField.Name.CardData when fields.Token != JsonTokenType.Null: HubCardReader.Take(ref fields, draft.Card); break;
            default: fields.Skip(); break;
        }
    }

    private static HubDataset ToDataset(HubModelDraft draft, List<string>? issues) => new()
    {
        Id = draft.Id ?? "",
        HubId = draft.HubId,
        Author = draft.Author,
        Sha = draft.Sha,
        CreatedAt = draft.CreatedAt,
        LastModified = draft.LastModified,
        Private = draft.Private,
        Disabled = draft.Disabled,
        Gated = draft.Gated == Gating.Unknown ? null : draft.Gated,
        Downloads = draft.Downloads,
        Likes = draft.Likes,
        Tags = draft.Tags,
        License = draft.Card.ToCard()?.License,
        Issues = issues,
    };
}
