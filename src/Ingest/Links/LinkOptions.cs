namespace ModelAtlas.Ingest.Links;

/// <summary>Settings <c>Atlas:Links</c>: what cards point to outside the hub.</summary>
public sealed class LinkOptions
{
    public const string Section = "Atlas:Links";

    /// <summary>False: links are shown, nothing is fetched. Offline means false as well.</summary>
    public bool Fetch { get; set; } = true;

    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of the decoded text; no licence is longer.</summary>
    public int LongestText { get; set; } = 1024 * 1024;
}
