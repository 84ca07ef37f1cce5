namespace ModelAtlas.Domain.Evidence;

/// <summary>The words of the evidence model. They are stored and shown as they stand here.</summary>
public static class Level
{
    public const string Unknown = "unknown";

    // Weights
    public const string Public = "public";
    public const string Gated = "gated";
    public const string Withdrawn = "withdrawn";

    // Code and data; none is also a level of the weights
    public const string Open = "open";
    public const string Partial = "partial";
    public const string Described = "described";
    public const string None = "none";
}
