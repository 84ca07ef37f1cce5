namespace ModelAtlas.Web.Accounts.Data;

/// <summary>A key with which a program asks in an account's name. Only its hash is stored.</summary>
internal sealed class StoredApiKey
{
    /// <summary>SHA-256 of the key.</summary>
    public required byte[] TokenHash { get; init; }

    public int AccountId { get; init; }

    /// <summary>How the key begins, for its owner to know it by.</summary>
    public required string Prefix { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>To the day; null before its first use.</summary>
    public DateTime? LastUsedAt { get; init; }
}
