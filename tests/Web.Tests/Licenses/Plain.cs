using System.Net;
using System.Text.RegularExpressions;

namespace ModelAtlas.Web.Tests.Licenses;

/// <summary>A page's markup as it was written: without the marks of scoped styles and with characters for their codes.</summary>
internal static partial class Plain
{
    public static string Of(string html) => WebUtility.HtmlDecode(Blanks().Replace(Scope().Replace(html, ""), " "));

    /// <summary>The words alone.</summary>
    public static string Text(string html) => Blanks().Replace(WebUtility.HtmlDecode(Tag().Replace(html, "")), " ");

    [GeneratedRegex(" b-[a-z0-9]{10}", RegexOptions.None, 5_000)]
    private static partial Regex Scope();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 5_000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, 5_000)]
    private static partial Regex Blanks();
}
