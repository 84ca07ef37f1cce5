using System.Globalization;
using System.Security;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Licenses;

namespace ModelAtlas.Web.Shell;

/// <summary>What search engines ask for.</summary>
internal static class Crawlers
{
    private static readonly string[] Pages = ["/", "/models", "/licenses", LicenseUrl.Compare, LicenseUrl.Check, "/types", "/compare/models", "/changes", "/stats", "/method", "/status", "/api", .. LicenseDesk.All.Select(license => LicenseUrl.Of(license.Id))];

    public static void MapCrawlers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/robots.txt", Robots).ExcludeFromDescription();
        routes.MapGet("/sitemap.xml", SitemapAsync).ExcludeFromDescription().CacheOutput(PageCache.Policy);
    }

    private static ContentHttpResult Robots(HttpRequest request) =>
        TypedResults.Text($"User-agent: *\nDisallow: /api/\nDisallow: /admin\nDisallow: /sign-in\nDisallow: /models?*sort=\nSitemap: {Origin(request)}/sitemap.xml\n");

    /// <summary>Our pages and the models people look for most; the rest is found through the lists.</summary>
    private static async Task<ContentHttpResult> SitemapAsync(HttpRequest request, CatalogReader catalog, CancellationToken cancellationToken)
    {
        var models = await catalog.ListAsync(CatalogView.Start with { Size = 1_000 }, cancellationToken);
        var map = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        foreach (var page in Pages) map.Append(CultureInfo.InvariantCulture, $"<url><loc>{Origin(request)}{page}</loc></url>\n");
        foreach (var model in models.Items)
            map.Append(CultureInfo.InvariantCulture, $"<url><loc>{SecurityElement.Escape(Origin(request) + CatalogUrl.Model(model.RepoId))}</loc><lastmod>{model.ObservedAt:yyyy-MM-dd}</lastmod></url>\n");
        return TypedResults.Text(map.Append("</urlset>\n").ToString(), "application/xml");
    }

    /// <summary>Where this site is, as its visitor reached it.</summary>
    public static string Origin(this HttpRequest request) => SecurityElement.Escape($"{request.Scheme}://{request.Host}{request.PathBase}");
}
