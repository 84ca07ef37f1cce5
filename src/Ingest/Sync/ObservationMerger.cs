using System.Text.Json;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Puts two observations of one model together, field by field: the newer value stands, an older one fills what the newer left out. The order of merging makes no difference.</summary>
public static class ObservationMerger
{
    public static Observation Merge(Observation left, Observation right)
    {
        var pick = new FieldPick(left, right);
        var newer = right.At > left.At ? right.Model : left.Model;
        var tags = pick.Text("tags", TagList.Of, TagList.Both);
        var files = pick.Text("siblings", FileList.Of, FileList.Longer);
        var merged = new HubModel
        {
            Id = left.At == right.At ? Ties.Longer(left.Model.Id, right.Model.Id) : newer.Id,
            HubId = pick.Text("_id", model => model.HubId, Ties.Longer),
            Author = pick.Text("author", model => model.Author, Ties.Longer),
            Sha = pick.Text("sha", model => model.Sha, Ties.Longer),
            CreatedAt = pick.Value("createdAt", model => model.CreatedAt, Ties.Greater),
            LastModified = pick.Value("lastModified", model => model.LastModified, Ties.Greater),
            Private = pick.Value("private", model => model.Private, Ties.Greater),
            Disabled = pick.Value("disabled", model => model.Disabled, Ties.Greater),
            // Who sees a repository also sees that it is there.
            Removed = pick.Value<bool>("removed", model => model.Removed ?? false, Ties.Greater),
            Withdrawn = pick.Value<bool>("withdrawn", model => model.Withdrawn ?? false, Ties.Greater),
            Gated = pick.Value("gated", model => model.Gated, Ties.Stricter),
            Downloads = pick.Value("downloads", model => model.Downloads, Ties.Greater),
            Likes = pick.Value("likes", model => model.Likes, Ties.Greater),
            TrendingScore = pick.Value("trendingScore", model => model.TrendingScore, Ties.Greater),
            PipelineTag = pick.Text("pipeline_tag", model => model.PipelineTag, Ties.Longer),
            LibraryName = pick.Text("library_name", model => model.LibraryName, Ties.Longer),
            Tags = tags?.Tags,
            TagsTotal = tags?.Total,
            CardData = Card(pick, left.Model, right.Model),
            Siblings = files?.Files,
            SiblingsTotal = files?.Total,
            Safetensors = pick.Text("safetensors", model => model.Safetensors, Ties.Longer),
            Gguf = pick.Text("gguf", model => model.Gguf, Ties.Longer),
            Architectures = pick.Text("config.architectures", model => model.Architectures, Ties.Union),
            ModelType = pick.Text("config.model_type", model => model.ModelType, Ties.Longer),
            BaseModels = pick.Text("baseModels", model => model.BaseModels, Ties.Union),
            UsedStorage = pick.Value("usedStorage", model => model.UsedStorage, Ties.Greater),
            Other = Other(pick, left.Model, right.Model),
            Atlas = pick.Text("_atlas", model => model.Atlas, Ties.Longer),
            Cited = pick.Text("_atlas.evidence", model => model.Cited, Ties.Longer),
            Issues = left.At == right.At ? Ties.UnionOf(left.Model.Issues, right.Model.Issues) : newer.Issues,
        };
        return new(merged with { Nulls = pick.Nulls, SeenAt = pick.SeenAt }, right.At > left.At ? right.At : left.At);
    }

    private static HubCardData? Card(FieldPick pick, HubModel left, HubModel right)
    {
        if (left.CardData is null && right.CardData is null) return null;
        var license = pick.Text("cardData.license", LicenseStatement.Of, LicenseStatement.Both);
        var bases = pick.Text("cardData.base_model", BaseStatement.Of, BaseStatement.Both);
        return new()
        {
            License = license?.Ids,
            LicenseName = license?.Name,
            LicenseLink = license?.Link,
            BaseModel = bases?.Ids,
            BaseModelRelation = bases?.Relation,
            Datasets = pick.Text("cardData.datasets", model => model.CardData?.Datasets, Ties.Union),
            Language = pick.Text("cardData.language", model => model.CardData?.Language, Ties.Union),
            PipelineTag = pick.Text("cardData.pipeline_tag", model => model.CardData?.PipelineTag, Ties.Longer),
            LibraryName = pick.Text("cardData.library_name", model => model.CardData?.LibraryName, Ties.Longer),
            Tags = pick.Text("cardData.tags", model => model.CardData?.Tags, Ties.Union),
            ExtraGatedPrompt = pick.Text("cardData.extra_gated_prompt", model => model.CardData?.ExtraGatedPrompt, Ties.Longer),
        };
    }

    private static Dictionary<string, JsonElement>? Other(FieldPick pick, HubModel left, HubModel right)
    {
        if (left.Other is null && right.Other is null) return null;
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var key in (left.Other?.Keys ?? []).Union(right.Other?.Keys ?? []))
            if (pick.Value<JsonElement>($"other:{key}", model => model.Other?.TryGetValue(key, out var value) == true ? value : null, Ties.Longer) is { } kept) merged[key] = kept;
        return merged;
    }

    private sealed record TagList(IReadOnlyList<string> Tags, int? Total)
    {
        public static TagList? Of(HubModel model) => model.Tags is { } tags ? new(tags, model.TagsTotal) : null;

        public static TagList Both(TagList left, TagList right)
        {
            if (left.Tags.SequenceEqual(right.Tags)) return left with { Total = Max(left.Total, right.Total) };
            var tags = left.Tags.Union(right.Tags).OrderByDescending(HubListReader.Decides).ThenBy(tag => tag, StringComparer.Ordinal).ToList();
            return new(tags.Count <= HubLimits.Tags ? tags : tags[..HubLimits.Tags], Max(left.Total, right.Total));
        }
    }

    private sealed record FileList(IReadOnlyList<HubFile> Files, int? Total)
    {
        public static FileList? Of(HubModel model) => model.Siblings is { } files ? new(files, model.SiblingsTotal) : null;

        public static FileList Longer(FileList left, FileList right) =>
            Ties.Compare(string.Join('\n', left.Files), string.Join('\n', right.Files)) >= 0
                ? left with { Total = Max(left.Total, right.Total) }
                : right with { Total = Max(left.Total, right.Total) };
    }

    private static int? Max(int? left, int? right) => left is null || right is null ? left ?? right : Math.Max(left.Value, right.Value);

    /// <summary>The three card keys that only mean something together.</summary>
    private sealed record LicenseStatement(IReadOnlyList<string>? Ids, string? Name, string? Link)
    {
        public static LicenseStatement? Of(HubModel model) => model.CardData is { } card && (card.License is not null || card.LicenseName is not null || card.LicenseLink is not null)
            ? new(card.License, card.LicenseName, card.LicenseLink)
            : null;

        /// <summary>Two cards of one day: every licence named counts.</summary>
        public static LicenseStatement Both(LicenseStatement left, LicenseStatement right) =>
            new(Ties.UnionOf(left.Ids, right.Ids), Ties.LongerOf(left.Name, right.Name), Ties.LongerOf(left.Link, right.Link));
    }

    private sealed record BaseStatement(IReadOnlyList<string>? Ids, string? Relation)
    {
        public static BaseStatement? Of(HubModel model) => model.CardData is { } card && (card.BaseModel is not null || card.BaseModelRelation is not null)
            ? new(card.BaseModel, card.BaseModelRelation)
            : null;

        public static BaseStatement Both(BaseStatement left, BaseStatement right) => new(Ties.UnionOf(left.Ids, right.Ids), Ties.LongerOf(left.Relation, right.Relation));
    }
}
