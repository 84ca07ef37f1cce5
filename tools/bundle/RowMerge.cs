using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>One row out of what several sources said: of each field the newest value, with the date of every value that is older than the row.</summary>
internal sealed class RowMerge
{
    /// <summary>What never changes, and states that are written only while they hold.</summary>
    private static readonly string[] Undated = ["_id", "createdAt", "disabled", "removed"];

    private readonly List<Observation> _newestFirst;
    private readonly Dictionary<string, DateTime> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<Observation> _used = [];

    private RowMerge(IEnumerable<Observation> observations) => _newestFirst = [.. observations.OrderByDescending(observation => observation.Date)];

    public static HubModel? Merge(string id, IReadOnlyList<Observation> observations) =>
        observations.Count == 0 ? null : new RowMerge(observations).Merge(id);

    private HubModel Merge(string id)
    {
        var row = new HubModel
        {
            Id = id,
            HubId = Newest("_id", model => model.HubId),
            Sha = Newest("sha", model => model.Sha),
            CreatedAt = Newest("createdAt", model => model.CreatedAt),
            LastModified = Newest("lastModified", model => model.LastModified),
            Disabled = Newest("disabled", model => model.Disabled) is true ? true : null,
            Removed = Newest("removed", model => model.Removed) is true ? true : null,
            Gated = Newest("gated", model => model.Gated),
            Downloads = Newest("downloads", model => model.Downloads),
            Likes = Newest("likes", model => model.Likes),
            PipelineTag = Newest("pipeline_tag", model => model.PipelineTag),
            LibraryName = Newest("library_name", model => model.LibraryName),
            Tags = Newest("tags", model => Some(model.Tags)),
            CardData = MergeCard(),
            Siblings = Newest("siblings", model => Some(model.Siblings)),
            Safetensors = Newest("safetensors", model => model.Safetensors),
            Gguf = Newest("gguf", model => model.Gguf),
            Architectures = Newest("config", model => Some(model.Architectures)),
            ModelType = Newest("config", model => model.ModelType),
            BaseModels = Newest("baseModels", model => model.BaseModels),
            UsedStorage = Newest("usedStorage", model => model.UsedStorage),
        };
        foreach (var card in _newestFirst.Where(observation => observation.Card is not null).Take(1)) _used.Add(card);
        var newest = _used.Max(observation => observation.Date);
        return row with
        {
            SeenAt = _seen.Where(field => field.Value < newest && !Undated.Contains(field.Key)).ToDictionary(),
            Atlas = new(newest, [.. _newestFirst.Where(_used.Contains).Select(observation => observation.Source).Distinct()]),
        };
    }

    private HubCardData? MergeCard()
    {
        var cards = _newestFirst.Where(observation => observation.Model.CardData is not null).ToList();
        if (cards is []) return null;
        return new()
        {
            License = Newest("cardData.license", model => Some(model.CardData?.License)),
            LicenseName = Newest("cardData.license_name", model => model.CardData?.LicenseName),
            LicenseLink = Newest("cardData.license_link", model => model.CardData?.LicenseLink),
            BaseModel = Newest("cardData.base_model", model => Some(model.CardData?.BaseModel)),
            BaseModelRelation = Newest("cardData.base_model_relation", model => model.CardData?.BaseModelRelation),
            Datasets = Newest("cardData.datasets", model => Some(model.CardData?.Datasets)),
            Language = Newest("cardData.language", model => Some(model.CardData?.Language)),
        };
    }

    /// <summary>An empty list says nothing.</summary>
    private static IReadOnlyList<T>? Some<T>(IReadOnlyList<T>? list) => list is [_, ..] ? list : null;

    private T? Newest<T>(string field, Func<HubModel, T?> read)
    {
        foreach (var observation in _newestFirst)
        {
            if (read(observation.Model) is not { } value) continue;
            _used.Add(observation);
            if (!_seen.TryGetValue(field, out var seen) || observation.Date < seen) _seen[field] = observation.Date;
            return value;
        }
        return default;
    }
}
