using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>One run over a listing: where it stands, what a page or a refusal makes of it, and the row that says so. Pure.</summary>
/// <param name="HighWater">Of an incremental run: the mark that the last one left, kept until this one has reached it.</param>
/// <param name="Floor">Change older than this ends an incremental run.</param>
internal sealed record CrawlRun(CrawlPlan Plan, int BatchSize, CrawlPosition Position, DateTime StartedAt, DateTime? HighWater, DateTime? Floor)
{
    /// <summary>Far beyond any hub; a listing that goes on for longer goes in circles.</summary>
    private const int MaxPages = 100_000;

    private const int MaxRestarts = 3;
    private const int SmallestPage = 25;

    public CrawlState State { get; private init; } = CrawlState.Running;
    public string? Error { get; private init; }
    public int Pages { get; init; }
    public long Read { get; init; }

    /// <summary>What the writer has made of the pages before.</summary>
    public PageResult Written { get; init; } = PageResult.None;

    public CrawlRun Taken(HubPage page, DateTime now)
    {
        var after = this with { Pages = Pages + 1, Read = Read + page.Rows, Position = Position with { Newest = NewestOf(page, now) } };
        if (page.Stopped is { } stopped) return after.Stop(stopped);
        if (page.Next is not { } next || Plan.Mode == CrawlMode.Trending || ChangesOf(page).LastOrDefault(DateTime.MaxValue) < Floor) return after.Finish();
        if (after.Pages >= MaxPages) return after.Stop($"The listing does not end after {MaxPages} pages.");
        var limit = Asked is { } asked && asked < BatchSize ? Math.Min(BatchSize, asked * 2) : BatchSize;
        return after with { Position = after.Position with { Next = HubListing.WithLimit(next, limit) } };
    }

    /// <summary>The hub no longer knows our cursor. What was read stays; the walk begins again, up to the mark of the last one.</summary>
    public CrawlRun Refused(string? detail) =>
        Position.Next == Plan.First(BatchSize) || Position.Restarts >= MaxRestarts
            ? Stop(detail ?? "The hub refuses the question.")
            : this with { Position = Position with { Next = Plan.First(BatchSize), Restarts = Position.Restarts + 1 } };

    /// <summary>A page that cannot be had is asked for in smaller parts; null when it is small already.</summary>
    public CrawlRun? Smaller() =>
        Asked > SmallestPage ? this with { Position = Position with { Next = HubListing.WithLimit(Position.Next, Math.Max(SmallestPage, Asked.Value / 4)) } } : null;

    /// <summary>Ends with a gap. The place is kept, and the next run goes on there.</summary>
    public CrawlRun Stop(string reason) => this with { State = CrawlState.Partial, Error = reason };

    private CrawlRun Finish() => this with { State = CrawlState.Done, HighWater = Plan.Mode == CrawlMode.Recent ? Position.Newest ?? HighWater : StartedAt };

    public CrawlCursor Row(DateTime now) => new()
    {
        Source = Plan.Source,
        Cursor = State == CrawlState.Done ? null : Position.Write(),
        State = State,
        StartedAt = StartedAt,
        HeartbeatAt = now,
        FinishedAt = State == CrawlState.Running ? null : now,
        HighWater = HighWater,
        Pages = Pages,
        Read = Read,
        Stored = Written.Stored + Written.Merged,
        Unchanged = Written.Unchanged,
        Quarantined = Written.Quarantined,
        Error = Error,
    };

    private int? Asked => HubListing.LimitOf(Position.Next);

    /// <summary>A date ahead of us would make the next run stop before it has begun.</summary>
    private DateTime? NewestOf(HubPage page, DateTime now)
    {
        if (Plan.Mode != CrawlMode.Recent || Position.Newest is not null) return Position.Newest;
        var changes = ChangesOf(page).Where(change => change <= now).ToList();
        return changes.Count == 0 ? null : changes.Max();
    }

    private static IEnumerable<DateTime> ChangesOf(HubPage page) =>
        page.Models.Select(model => model.LastModified).Concat(page.Datasets.Select(dataset => dataset.LastModified)).OfType<DateTime>();
}
