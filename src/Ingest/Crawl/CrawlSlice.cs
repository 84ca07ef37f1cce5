using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

public enum CrawlEnd
{
    /// <summary>Nothing was due.</summary>
    Idle,

    /// <summary>The time is up, the rest is for the next slice.</summary>
    More,

    /// <summary>The hub's budget is used up until <see cref="CrawlSlice.RetryAt"/>.</summary>
    Later,
    Done,

    /// <summary>Ended with a gap; a later run goes on there.</summary>
    Partial,
}

/// <summary>What one slice did.</summary>
/// <param name="Written">Of this slice alone.</param>
/// <param name="Detail">Why it ended with a gap.</param>
public sealed record CrawlSlice(CrawlEnd End, int Pages, long Read, PageResult Written, string? Detail = null, DateTimeOffset? RetryAt = null)
{
    public static readonly CrawlSlice Idle = new(CrawlEnd.Idle, 0, 0, PageResult.None);
}

/// <summary>How a slice is run: as a job of a minute, or in the foreground for as long as it takes.</summary>
public sealed record CrawlPace(TimeSpan Slice, TimeSpan Patience)
{
    /// <summary>Begin again although a run is under way.</summary>
    public bool FromStart { get; init; }

    /// <summary>Begin although the last run is not old.</summary>
    public bool Now { get; init; }

    /// <summary>Asked before each page: whether the turn is still ours.</summary>
    public Func<CancellationToken, Task<bool>> StillMine { get; init; } = _ => Task.FromResult(true);

    /// <summary>Told after each page: pages and rows of the whole run so far.</summary>
    public Action<int, long> OnPage { get; init; } = (_, _) => { };
}
