namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>What is kept of anything that comes from outside. Longer lists keep their true length beside them.</summary>
internal static class HubLimits
{
    public const int Depth = 64;
    public const int IdLength = 256;
    public const int NameLength = 256;
    public const int Tags = 1_000;
    public const int TagLength = 256;
    public const int Files = 10_000;
    public const int PathLength = 1_024;
    public const int Bases = 1_000;
    public const int Datasets = 1_000;
    public const int Languages = 500;
    public const int Licenses = 100;
    public const int LicenseText = 1_000;
    public const int GateText = 32_768;
    public const int OtherFields = 50;
    public const int OtherFieldBytes = 4_096;
    public const int OtherBytes = 16_384;
    public const int Issues = 20;

    /// <summary>So that a sum over every row stays within 64 bits.</summary>
    public const long Count = 1_000_000_000_000;

    /// <summary>Half a pebibyte: ten thousand files of it still add up within 64 bits.</summary>
    public const long FileSize = 1L << 49;

    /// <summary>More parameters, or a longer context, than anyone means.</summary>
    public const long Parameters = 1_000_000_000_000_000;

    /// <summary>No repository of the hub is older.</summary>
    public static readonly DateTime Oldest = new(2015, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>How far ahead a clock may be.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(1);
}
