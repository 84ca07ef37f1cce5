using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Web.ModelPages;

/// <summary>When each field of a model was last seen, and where. A crawl that finds a row as it was only moves the day of its counters: then all that was newest is as new as that day.</summary>
public sealed class FactDates
{
    private readonly HubModel? _facts;
    private readonly DateTime _observed;

    public FactDates(HubModel? facts, DateTime observedAt, DateOnly? countedOn, string source)
    {
        (_facts, _observed) = (facts, observedAt);
        var counted = countedOn?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        // Of a file everything is of one day: whoever said the same again was somebody else.
        Newest = counted is { } later && later > observedAt ? new(later, IsFile(source) ? null : Words(source)) : new(observedAt, Words(source));
    }

    /// <summary>The newest that is known of the model.</summary>
    public FactDate Newest { get; }

    /// <summary>Null for a field that no source ever gave.</summary>
    /// <param name="field">As the stored facts name it, such as <c>cardData.license</c>.</param>
    public FactDate? Of(string field)
    {
        if (_facts is not { SeenAt: { } earlier }) return Newest;
        if (!Observation.IsTold(_facts, field)) return null;
        foreach (var name in (string[])[field, $"other:{field}", field switch
        {
            "cardData.license_name" or "cardData.license_link" => "cardData.license",
            "cardData.base_model_relation" => "cardData.base_model",
            _ => field,
        }])
            if (earlier.TryGetValue(name, out var seen)) return new(seen, null);
        return Newest;
    }

    public FactDate? License => Of(_facts?.CardData?.License is null ? "tags" : "cardData.license");

    public FactDate? Bases => Of(_facts?.CardData?.BaseModel is not null ? "cardData.base_model" : _facts?.BaseModels is not null ? "baseModels" : "tags");

    public FactDate? Datasets => Of(_facts?.CardData?.Datasets is null ? "tags" : "cardData.datasets");

    public FactDate? Parameters => Of(_facts is { Safetensors: null, Gguf: not null } ? "gguf" : "safetensors");

    /// <summary>When a piece of evidence was last seen: what was read from the newest row stands as long as the row does.</summary>
    public DateTimeOffset? Of(EvidenceItem item) => item is { Source: "list", ObservedAt: { } seen } && seen.UtcDateTime == _observed ? new(Newest.At) : item.ObservedAt;

    /// <summary>The name of a source as it stands in the catalogue, for people.</summary>
    public static string Words(string source) => source switch
    {
        "hub/models" or "hub/datasets" => "the Hub",
        "bundled" => "the facts that come with ModelAtlas",
        _ => IsFile(source) ? $"the file {source["file:".Length..]}" : source,
    };

    private static bool IsFile(string source) => source.StartsWith("file:", StringComparison.Ordinal);
}

/// <param name="Where">Null for what an earlier source said: of it only the day is kept.</param>
public sealed record FactDate(DateTime At, string? Where);
