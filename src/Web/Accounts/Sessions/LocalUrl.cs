namespace ModelAtlas.Web.Accounts.Sessions;

/// <summary>Where to go after signing in: somewhere on this site, or its front page.</summary>
internal static class LocalUrl
{
    private const int MaxLength = 2_000;

    public static string OrHome(string? url) => IsLocal(url) ? url : "/";

    // Browsers drop tabs and newlines, and read '\' as '/': "/\t/evil.example" and "/\evil.example" would leave the site.
    private static bool IsLocal([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? url) =>
        url is { Length: > 0 and <= MaxLength }
        && url[0] == '/'
        && !url.StartsWith("//", StringComparison.Ordinal)
        && url.All(letter => letter is > ' ' and < '\x7f' and not '\\');
}
