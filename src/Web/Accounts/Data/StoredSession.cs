namespace ModelAtlas.Web.Accounts.Data;

/// <summary>One signed-in browser. Only the hash of what its cookie carries is stored, so that a copy of the database signs nobody in.</summary>
internal sealed class StoredSession
{
    /// <summary>SHA-256 of the session's 256 random bits.</summary>
    public required byte[] TokenHash { get; init; }
    public int AccountId { get; init; }

    /// <summary><see cref="Account.Stamp"/> when the session began.</summary>
    public Guid Stamp { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime ExpiresAt { get; init; }
}

/// <summary>Permission to create the first admin, once.</summary>
internal sealed class StoredSetupToken
{
    public required byte[] TokenHash { get; init; }
    public DateTime ExpiresAt { get; init; }
}
