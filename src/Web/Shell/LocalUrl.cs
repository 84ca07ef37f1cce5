namespace ModelAtlas.Web.Shell;

/// <summary>Where a form or link may send a visitor back to: a path of this site, whatever the request claims.</summary>
internal static class LocalUrl
{
    public static string OrHome(string? url) => IsLocal(url) ? url : "/";

    private static bool IsLocal([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..]
        && !url.Any(static letter => char.IsControl(letter) || letter is '\\' || letter > '~')
        && Uri.IsWellFormedUriString(url, UriKind.Relative);
}
