namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>What came of a question to the hub. Whatever can be expected is one of these; nothing here is thrown.</summary>
public enum HubOutcome
{
    Found,

    /// <summary>404: no such repository, or one that our token may not see.</summary>
    NotFound,

    /// <summary>401 to a caller without a token: missing, renamed away or private. The hub does not say which.</summary>
    NotPublic,

    /// <summary>410.</summary>
    Gone,

    /// <summary>The repository is listed, its files are handed out to whoever was granted access.</summary>
    Gated,

    /// <summary>403: the hub switched the repository off.</summary>
    Disabled,

    /// <summary>451: taken down for legal reasons.</summary>
    Withdrawn,

    /// <summary>The repository is there, the file or revision is not.</summary>
    Absent,

    /// <summary>401 although, or because, a token was sent.</summary>
    BadToken,

    /// <summary>The hub does not accept the question, such as a cursor it no longer knows.</summary>
    Refused,

    /// <summary>The budget is used up for longer than the caller can wait: ask again at <see cref="HubReply{T}.RetryAt"/>.</summary>
    Busy,

    /// <summary>No complete answer after all tries.</summary>
    Unavailable,

    /// <summary>An answer that is not what was asked for: another type, cut, not JSON, a redirect to elsewhere.</summary>
    Unusable,

    /// <summary>More decoded bytes than the limit.</summary>
    TooLarge,

    /// <summary>This process was started with <c>--offline</c>.</summary>
    Offline,
}

/// <param name="Value">Set when, and only when, the outcome is <see cref="HubOutcome.Found"/>.</param>
/// <param name="Detail">One sentence about any other outcome.</param>
/// <param name="MovedTo">The repository's present name, where the hub redirected to another one.</param>
public sealed record HubReply<T>(HubOutcome Outcome, T? Value, string? Detail = null, string? MovedTo = null, DateTimeOffset? RetryAt = null)
    where T : class;
