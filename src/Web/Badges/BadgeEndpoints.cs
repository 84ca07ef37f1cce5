using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Badges;

internal static class BadgeEndpoints
{
    public static string Url(string repoId) => $"/badge/{string.Join('/', repoId.Split('/', 2).Select(Uri.EscapeDataString))}.svg";

    public static string Card(string repoId) => CatalogUrl.Model(repoId, "/embed");

    public static void MapBadges(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/badge/{owner}/{name}.svg", WriteAsync).WithTags("Pictures").WithName("GetBadge").WithSummary("Class and licence of a model as a small picture")
            .Produces(200, contentType: "image/svg+xml").Produces(404, contentType: "image/svg+xml").ProducesProblem(503);
        routes.MapGet("/embed/{owner}/{name}", ShowAsync).WithMetadata(new AnyoneMayFrame()).ExcludeFromDescription();
    }

    /// <summary>A picture in any case, since it stands on a page that cannot show anything else.</summary>
    private static async Task<IResult> WriteAsync(string owner, string name, HttpContext context, BadgeReader badges, CancellationToken cancellationToken)
    {
        var facts = IsName(owner, name) ? await badges.FindAsync($"{owner}/{name}", cancellationToken) : null;
        context.Response.Headers.CacheControl = "public, max-age=600";
        return TypedResults.Text(facts is null ? Badge.Unknown : Badge.Of(facts), "image/svg+xml; charset=utf-8", statusCode: facts is null ? 404 : 200);
    }

    /// <summary>A page in any case as well. It is written without the page's own machinery, which would set a cookie.</summary>
    private static async Task<IResult> ShowAsync(string owner, string name, HttpContext context, BadgeReader badges, IServiceProvider services, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var row = IsName(owner, name) ? await badges.RowAsync($"{owner}/{name}", cancellationToken) : null;
        await using var renderer = new HtmlRenderer(services, loggers);
        var card = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<EmbedCard>(ParameterView.FromDictionary(
            new Dictionary<string, object?> { [nameof(EmbedCard.Model)] = row, [nameof(EmbedCard.Origin)] = context.Request.Origin() }))).ToHtmlString());
        context.Response.Headers.CacheControl = "public, max-age=600";
        return TypedResults.Text(card, "text/html; charset=utf-8", statusCode: row is null ? 404 : 200);
    }

    private static bool IsName(string owner, string name) => owner.Length + name.Length < UnknownModel.LongestId && !owner.Contains('\0', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal);
}
