using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>A row of the catalogue while a page is merged into it. New ones have no number yet.</summary>
internal sealed class StoredModel(string repoId)
{
    private static readonly string[] CounterFields = ["downloads", "likes", "trendingScore"];

    private DateTime _loaded;

    public int Id { get; set; }
    public string RepoId { get; set; } = repoId;
    public string? HubId { get; set; }
    public DateTime ObservedAt { get; init; }
    public string Source { get; set; } = "";
    public long Hash { get; set; }
    public long VerdictHash { get; set; }
    public string RuleVersion { get; init; } = "";
    public long GiftHash { get; init; }
    public ModelCounters? Counters { get; init; }

    /// <summary>The facts as they are in the table.</summary>
    public byte[]? Facts { get; private set; }

    /// <summary>The facts as they are now; null as long as nobody needed them.</summary>
    public Observation? Now { get; set; }

    /// <summary>The one observation that <see cref="Now"/> consists of; null where there were several.</summary>
    public IncomingModel? Only { get; set; }

    /// <summary>The README; null when there is none or nobody needed it.</summary>
    public StoredCard? Card { get; set; }

    /// <summary>Newer counters of an observation that says nothing else new.</summary>
    public ModelCounters? Recount { get; set; }

    public bool IsNew => Id == 0;

    /// <summary>Name, identity or another row's facts were taken over, so that the row is to be written whatever its facts say.</summary>
    public bool Moved { get; set; }

    /// <summary>Until when what the row says is known to hold: an observation that said the same again only moved the day of the counters.</summary>
    public DateTime Stamp => Now?.At ?? (Counters?.SeenOn.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) is { } seen && seen > ObservedAt ? seen : ObservedAt);

    public void Load(byte[] facts)
    {
        (Facts, _loaded) = (facts, Stamp);
        if (!HubModelReader.TryRead(facts, trusted: true, out var model, [], out var reason))
            throw new InvalidOperationException($"The stored facts of {RepoId} cannot be read: {reason}.");
        var seen = model.SeenAt?.Where(field => field.Value != Observation.Never).ToDictionary(StringComparer.Ordinal);
        Now = new(model with
        {
            Downloads = Observation.IsTold(model, "downloads") ? Counters?.Downloads : null,
            Likes = Observation.IsTold(model, "likes") ? Counters?.Likes : null,
            TrendingScore = Observation.IsTold(model, "trendingScore") ? Counters?.Trending : null,
            SeenAt = seen is { Count: > 0 } ? seen : null,
        }, Stamp);
    }

    /// <summary>The facts as they go to the table.</summary>
    public byte[] Write(Observation now)
    {
        var model = now.Model with { Id = RepoId, HubId = HubId };
        long?[] counters = [model.Downloads, model.Likes, model.TrendingScore];
        if (counters.Contains(null))
        {
            var seen = model.SeenAt?.ToDictionary(StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
            for (var at = 0; at < counters.Length; at++)
                if (counters[at] is null) seen[CounterFields[at]] = Observation.Never;
            model = model with { SeenAt = seen };
        }
        return HubModelWriter.Write(model);
    }

    /// <summary>True when merging has left everything as it was.</summary>
    public bool Holds(Observation now, byte[] facts) => !IsNew && !Moved && Card is not { IsNews: true } && now.At == _loaded && facts.AsSpan().SequenceEqual(Facts);

    public static ModelCounters CountersOf(int id, HubModel model, DateTime at) => new()
    {
        ModelId = id,
        Downloads = model.Downloads ?? 0,
        Likes = (int)Math.Min(model.Likes ?? 0, int.MaxValue),
        Trending = (int)Math.Min(model.TrendingScore ?? 0, int.MaxValue),
        SeenOn = DateOnly.FromDateTime(at),
    };

    public static bool Same(ModelCounters left, ModelCounters right) =>
        (left.Downloads, left.Likes, left.Trending, left.SeenOn) == (right.Downloads, right.Likes, right.Trending, right.SeenOn);

    public static ModelCounters Greater(ModelCounters left, ModelCounters right) => new()
    {
        ModelId = left.ModelId,
        Downloads = Math.Max(left.Downloads, right.Downloads),
        Likes = Math.Max(left.Likes, right.Likes),
        Trending = Math.Max(left.Trending, right.Trending),
        SeenOn = left.SeenOn > right.SeenOn ? left.SeenOn : right.SeenOn,
    };
}
