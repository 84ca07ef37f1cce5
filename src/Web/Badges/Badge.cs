using System.Globalization;
using System.Security;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Badges;

/// <summary>A small picture that says class and licence, for the README of whoever uses the model.</summary>
internal static class Badge
{
    private const int LongestLicense = 28;
    private const double Letter = 6.6; // average width at this size; textLength makes any font fit
    private const int Edge = 8;

    public static string Of(BadgeFacts facts)
    {
        var name = facts.Basis == Basis.NotEstablished ? $"{facts.Class.Label().ToLowerInvariant()}?" : facts.Class.Label().ToLowerInvariant();
        var license = PlainText.Clean(facts.License ?? "no licence found");
        return Draw(name, license.Length > LongestLicense ? license[..LongestLicense] + "…" : license, facts.Basis == Basis.NotEstablished ? "#525b61" : facts.Class switch
        {
            Openness.OpenSource => "#0d6545",
            Openness.OpenWeights => "#7d4b00",
            Openness.Closed => "#89303b",
            _ => "#525b61",
        });
    }

    public static string Unknown { get; } = Draw("model", "not in the catalogue", "#525b61");

    private static string Draw(string left, string right, string colour)
    {
        var (leftWidth, rightWidth) = (Width(left), Width(right));
        var whole = leftWidth + rightWidth;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" viewBox="0 0 {whole} 20" role="img" aria-label="{Escape($"{left}: {right}")}">
            <title>{Escape($"{left}: {right}")}</title>
            <rect width="{whole}" height="20" rx="4" fill="{colour}"/>
            <path d="M{leftWidth} 0h{rightWidth - 4}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H{leftWidth}z" fill="#2b3137"/>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
            <text x="{Edge}" y="14" textLength="{leftWidth - (2 * Edge)}">{Escape(left)}</text>
            <text x="{leftWidth + Edge}" y="14" textLength="{rightWidth - (2 * Edge)}">{Escape(right)}</text>
            </g></svg>
            """);
    }

    private static int Width(string text) => (int)Math.Ceiling(text.Length * Letter) + (2 * Edge);

    private static string Escape(string text) => SecurityElement.Escape(string.Concat(PlainText.Visible(text, isName: false).Select(piece => piece.Text)));
}
