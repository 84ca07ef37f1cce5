namespace ModelAtlas.Domain.Catalog;

/// <summary>Where a source was left: the cursor is committed in the transaction of the rows it stands behind.</summary>
public sealed class CrawlCursor
{
    /// <summary>What is being read, e.g. <c>hub/models/full</c> or <c>file:models.jsonl.gz:&lt;hash&gt;</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Opaque to us: a <c>Link</c> URL of the hub, or a line number of a file. Null when the source was read to its end.</summary>
    public string? Cursor { get; init; }

    public CrawlState State { get; init; }
    public DateTime StartedAt { get; init; }
    public DateTime HeartbeatAt { get; init; }
    public DateTime? FinishedAt { get; init; }

    /// <summary>The newest <c>lastModified</c> seen, from which an incremental crawl starts.</summary>
    public DateTime? HighWater { get; init; }

    public int Pages { get; init; }
    public long Read { get; init; }

    /// <summary>Rows that are new or changed. With the two below it adds up to <see cref="Read"/>.</summary>
    public long Stored { get; init; }
    public long Unchanged { get; init; }
    public long Quarantined { get; init; }
    public string? Error { get; init; }
}

public enum CrawlState
{
    Running = 1,
    Done = 2,
    Partial = 3,
    Failed = 4,
}

/// <summary>An element that could not be read, with the reason and its bytes, so that a mended reader can take it later.</summary>
public sealed class QuarantinedRow
{
    public long Id { get; init; }
    public required string Source { get; init; }

    public ElementKind Kind { get; init; }

    /// <summary>When the source said it, which for a file is not when it was imported.</summary>
    public DateTime ObservedAt { get; init; }

    /// <summary>Line of the file, or page and element of the answer.</summary>
    public required string Position { get; init; }
    public required string Reason { get; init; }
    public required byte[] Raw { get; init; }

    /// <summary>Length before <see cref="Raw"/> was cut to its limit.</summary>
    public long RawLength { get; init; }

    /// <summary>XxHash64 of the bytes kept and the whole length; with <see cref="Source"/> the identity of the row, so that a second read adds none.</summary>
    public long ContentHash { get; init; }
    public DateTime FirstSeenAt { get; init; }
    public DateTime LastSeenAt { get; init; }
    public DateTime? ReplayedAt { get; init; }
}

public enum ElementKind
{
    Model = 1,
    Dataset = 2,
    Card = 3,
}
