using ModelAtlas.Web.ModelPages;

namespace ModelAtlas.Web.Badges;

internal static class BadgeEndpoints
{
    public static string Url(string repoId) => $"/badge/{string.Join('/', repoId.Split('/', 2).Select(Uri.EscapeDataString))}.svg";

    public static void MapBadges(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/badge/{owner}/{name}.svg", WriteAsync).WithTags("Pictures").WithName("GetBadge").WithSummary("Class and licence of a model as a small picture")
            .Produces(200, contentType: "image/svg+xml").Produces(404, contentType: "image/svg+xml").ProducesProblem(503);

    /// <summary>A picture in any case, since it stands on a page that cannot show anything else.</summary>
    private static async Task<IResult> WriteAsync(string owner, string name, HttpContext context, BadgeReader badges, CancellationToken cancellationToken)
    {
        var id = $"{owner}/{name}";
        var facts = id.Length <= UnknownModel.LongestId && !id.Contains('\0', StringComparison.Ordinal) ? await badges.FindAsync(id, cancellationToken) : null;
        context.Response.Headers.CacheControl = "public, max-age=600";
        return TypedResults.Text(facts is null ? Badge.Unknown : Badge.Of(facts), "image/svg+xml; charset=utf-8", statusCode: facts is null ? 404 : 200);
    }
}
