namespace ModelAtlas.Web.Postgres;

internal sealed record PostgresSettings
{
    /// <summary>The product's data folder; the cluster lives in a folder of its own below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Folder of the server programs (<c>Atlas__Postgres__Bin</c>); null = look for them.</summary>
    public string? BinFolder { get; init; }

    /// <summary>False only for tests: nothing is flushed to disk.</summary>
    public bool Durable { get; init; } = true;
}
