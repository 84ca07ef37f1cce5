using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Which part of a listing is read. The numbers stand in stored jobs.</summary>
public enum CrawlMode
{
    /// <summary>All of it, by creation.</summary>
    Full = 1,

    /// <summary>What changed since the last time, newest first.</summary>
    Recent = 2,

    /// <summary>The first page by trending score.</summary>
    Trending = 3,
}

public sealed record CrawlPlan(HubRepoKind Kind, CrawlMode Mode)
{
    private const int TrendingRows = 100;

    /// <summary>Where rows come from, whichever crawl brought them.</summary>
    public string RowSource => Kind == HubRepoKind.Models ? "hub/models" : "hub/datasets";

    /// <summary>Name of the cursor and of the lock.</summary>
    public string Source => $"{RowSource}/{Mode switch { CrawlMode.Full => "full", CrawlMode.Recent => "recent", _ => "trending" }}";

    public string First(int limit) => Mode switch
    {
        CrawlMode.Full => HubListing.First(Kind, HubSort.CreatedAt, limit),
        CrawlMode.Recent => HubListing.First(Kind, HubSort.LastModified, limit),
        _ => HubListing.First(Kind, HubSort.TrendingScore, Math.Min(limit, TrendingRows)),
    };
}
