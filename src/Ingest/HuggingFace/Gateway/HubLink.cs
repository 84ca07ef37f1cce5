namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>The <c>Link: &lt;…&gt;; rel="next"</c> of a listing. It is a stranger's URL that the next request would carry our token to, so it must be the same question asked further on.</summary>
internal static class HubLink
{
    private const int MaxLength = 8192;

    /// <summary>Next, relative to the endpoint, or why there is none although the hub names one.</summary>
    public static (string? Next, string? Stopped) Next(string? header, Uri asked, HubOptions options)
    {
        if (header is null || Target(header) is not { } target) return (null, null);
        if (target.Length > MaxLength) return (null, $"The next link is {target.Length} characters long.");
        if (!Uri.TryCreate(asked, target, out var next)) return (null, "The next link is no URL.");
        if (!options.IsOwn(next)) return (null, "The next link leads to another origin.");
        if (next.AbsolutePath != asked.AbsolutePath) return (null, $"The next link leads to another path, {HubStatus.Short(next.AbsolutePath)}.");
        if (next.Query == asked.Query) return (null, "The next link leads back to its own page.");
        return (Relative(next, options), null);
    }

    public static string Relative(Uri uri, HubOptions options) => uri.PathAndQuery[options.EndpointUri.AbsolutePath.Length..];

    private static string? Target(string header)
    {
        for (var start = header.IndexOf('<', StringComparison.Ordinal); start >= 0; start = header.IndexOf('<', start + 1))
        {
            var end = header.IndexOf('>', start);
            if (end < 0) return null;
            var following = header.IndexOf('<', end);
            var parameters = following < 0 ? header[end..] : header[end..following];
            if (parameters.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase) || parameters.Contains("rel=next", StringComparison.OrdinalIgnoreCase))
                return header[(start + 1)..end];
            start = end;
        }
        return null;
    }
}
