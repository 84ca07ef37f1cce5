using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>A model while it is being read. A field that comes twice adds to what is there or keeps the stricter value: it never makes a licence laxer.</summary>
internal sealed class HubModelDraft
{
    private Dictionary<string, JsonElement>? _other;
    private int _otherBytes;
    private long _seen;

    public HubCardDraft Card { get; } = new();
    public List<string>? Nulls { get; set; }
    public string? Refusal { get; private set; }
    public string? Id { get; private set; }
    public string? ModelId { get; set; }
    public string? HubId { get; set; }
    public string? Author { get; set; }
    public string? Sha { get; set; }
    public DateTime? CreatedAt { get; set; }
    public DateTime? LastModified { get; set; }
    public bool? Private { get; set; }
    public bool? Disabled { get; set; }
    public bool? Removed { get; set; }
    public bool? Withdrawn { get; set; }
    public Gating? Gated { get; set; }
    public long? Downloads { get; set; }
    public long? Likes { get; set; }
    public long? TrendingScore { get; set; }
    public string? PipelineTag { get; set; }
    public string? LibraryName { get; set; }
    public long? UsedStorage { get; set; }
    public List<string>? Tags { get; set; }
    public int? TagsTotal { get; set; }
    public List<HubFile>? Siblings { get; set; }
    public int? SiblingsTotal { get; set; }
    public HubSafetensors? Safetensors { get; set; }
    public HubGguf? Gguf { get; set; }
    public List<string>? Architectures { get; set; }
    public string? ModelType { get; set; }
    public List<HubBase>? BaseModels { get; set; }
    public IReadOnlyList<EvidenceItem>? Cited { get; set; }
    public HubAtlas? Atlas { get; set; }
    public IReadOnlyDictionary<string, DateTime>? SeenAt { get; set; }
    public IReadOnlyList<string>? StoredIssues { get; set; }

    /// <summary>False when the field was there before.</summary>
    public bool IsFirst(HubField.Name field)
    {
        var before = _seen;
        _seen |= 1L << (int)field;
        return before != _seen;
    }

    public void TakeId(string? id)
    {
        if (Id is not null && Id != id) Refusal = "two different ids";
        Id = id;
    }

    public void TakeOther(ref FieldReader fields, ReadOnlySpan<byte> name, bool trusted)
    {
        var key = HubField.Text(name);
        if (fields.Keep(key, HubLimits.OtherFieldBytes) is not { } kept || _other?.Count >= HubLimits.OtherFields) return;
        // Our own tables say it in _atlas: there this field may be older than the newest word on the matter.
        if (!trusted && key == "_radar" && kept.ValueKind == JsonValueKind.Object && kept.TryGetProperty("removed", out var removed))
            Removed = removed.ValueKind == JsonValueKind.True;
        var size = key.Length + kept.GetRawText().Length;
        if (_otherBytes + size > HubLimits.OtherBytes) fields.Note($"{key}: left out, the fields without a name are more than {HubLimits.OtherBytes} bytes");
        else if ((_other ??= []).TryAdd(key, kept)) _otherBytes += size;
        else fields.Note($"{key}: given twice, the first kept");
    }

    public HubModel ToModel(List<string>? issues) => new()
    {
        Id = Id ?? ModelId ?? "",
        HubId = HubId,
        Author = Author,
        Sha = Sha,
        CreatedAt = CreatedAt,
        LastModified = LastModified,
        Private = Private,
        Disabled = Disabled,
        Removed = Removed,
        Withdrawn = Withdrawn,
        Gated = Gated,
        Downloads = Downloads,
        Likes = Likes,
        TrendingScore = TrendingScore,
        PipelineTag = PipelineTag,
        LibraryName = LibraryName,
        UsedStorage = UsedStorage,
        Tags = Tags,
        TagsTotal = TagsTotal,
        CardData = Card.ToCard(),
        Siblings = Siblings,
        SiblingsTotal = SiblingsTotal,
        Safetensors = Safetensors,
        Gguf = Gguf,
        Architectures = Architectures,
        ModelType = ModelType,
        BaseModels = BaseModels,
        Other = _other,
        Nulls = Nulls,
        Issues = Join(StoredIssues, issues),
        SeenAt = SeenAt,
        Cited = Cited,
        Atlas = Atlas,
    };

    /// <summary>Of two statements about the gate the one that lets fewer through.</summary>
    public static Gating? Stricter(Gating? left, Gating? right) => Strictness(left) >= Strictness(right) ? left : right;

    /// <summary>Both lists, in order, without repeats.</summary>
    public static List<T>? Join<T>(List<T>? left, List<T>? right, int most) =>
        left is null ? right : right is null ? left : [.. left.Union(right).Take(most)];

    private static IReadOnlyList<string>? Join(IReadOnlyList<string>? stored, List<string>? found) =>
        stored is null ? found : found is null ? stored : [.. stored.Union(found).Take(HubLimits.Issues)];

    private static int Strictness(Gating? gate) => gate switch
    {
        Gating.Manual => 4,
        Gating.Gated => 3,
        Gating.Auto => 2,
        Gating.None => 1,
        Gating.Unknown => 0,
        _ => -1,
    };
}
