namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <param name="MaxBytes">Of the decoded body.</param>
/// <param name="Patience">How long the caller can wait in all, for the budget and between tries. Beyond it the answer is <see cref="HubOutcome.Busy"/> or <see cref="HubOutcome.Unavailable"/>.</param>
/// <param name="Flaw">Says in a sentence why a body is not what was asked for; null when it is.</param>
internal sealed record HubQuestion(Uri Uri, int MaxBytes, TimeSpan Patience, Func<HubBody, string?> Flaw)
{
    /// <summary>The hub counts API calls, files and web pages apart.</summary>
    public static string BucketOf(Uri uri) =>
        uri.AbsolutePath.Contains("/api/", StringComparison.Ordinal) ? "api"
        : uri.AbsolutePath.Contains("/raw/", StringComparison.Ordinal) || uri.AbsolutePath.Contains("/resolve/", StringComparison.Ordinal) ? "resolvers"
        : "pages";
}

/// <param name="From">Where the answer came from, after redirects.</param>
/// <param name="Body">Set when the outcome is Found, and then the caller's to dispose of.</param>
/// <param name="Link">The <c>Link</c> header as it came.</param>
internal sealed record HubAnswer(HubOutcome Outcome, Uri From, HubBody? Body = null, string? Detail = null, string? Link = null, DateTimeOffset? RetryAt = null);

/// <summary>What one try led to.</summary>
internal abstract record HubStep
{
    public sealed record Done(HubAnswer Answer) : HubStep;

    public sealed record Moved(Uri To) : HubStep;

    /// <param name="Otherwise">The outcome when no try is left.</param>
    /// <param name="Wait">What the hub asks for, where it does.</param>
    /// <param name="Throttled">All requests of the bucket have to wait, not only this one.</param>
    public sealed record Again(HubOutcome Otherwise, string Reason, TimeSpan? Wait = null, bool Throttled = false) : HubStep;
}
