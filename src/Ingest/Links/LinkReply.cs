namespace ModelAtlas.Ingest.Links;

/// <summary>What came of following a link.</summary>
/// <param name="Text">The text behind it; null when there is none.</param>
/// <param name="Issue">Why there is none, to be shown beside the link.</param>
/// <param name="IsAbsent">True when the host says that there is nothing under this name.</param>
public sealed record LinkReply(string? Text, string? Issue, bool IsAbsent = false)
{
    internal static LinkReply Refused(string issue) => new(null, issue);
}
