using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Exports;

/// <summary>The list that a page address shows, as a file: the same keys, all of its pages.</summary>
internal static class ExportEndpoints
{
    public const int MostRows = 200_000;
    private const int MostAtOnce = 4;
    private const int FeedSize = 50;
    private static readonly SemaphoreSlim Turns = new(MostAtOnce);

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        foreach (var format in ExportFormat.All)
        {
            routes.MapGet($"{CatalogUrl.Page}.{format.Name}", (HttpContext context, ModelExport export, CancellationToken cancellationToken) => WriteAsync(context, export, format, cancellationToken))
                .WithTags("Exports").WithName($"ExportModels{char.ToUpperInvariant(format.Name[0])}{format.Name[1..]}").WithSummary($"All models that pass the filters, as {format.Name}")
                .WithDescription($"What the page of the same address shows, so originals only unless rel says otherwise (rel=any for all). At most {MostRows} models; ./atlas export has no limit.").Produces(200, contentType: format.MediaType.Split(';')[0]).ProducesProblem(400).ProducesProblem(429).ProducesProblem(503);
        }
        routes.MapGet($"{CatalogUrl.Page}.atom", FeedAsync).CacheOutput(PageCache.Policy)
            .WithTags("Exports").WithName("FollowModels").WithSummary($"A feed of the first {FeedSize} models that pass the filters, newest first unless sorted otherwise")
            .Produces(200, contentType: "application/atom+xml").ProducesProblem(400).ProducesProblem(503);
    }

    private static async Task<IResult> WriteAsync(HttpContext context, ModelExport export, ExportFormat format, CancellationToken cancellationToken)
    {
        var (view, wrong) = CatalogUrl.Read(context.Request.Query);
        if (view is null) return Refuse(context, new(400, "A key of the address cannot be read", $"{wrong?.Key} {wrong?.Message}."));
        var ids = await export.FindAsync(view, cancellationToken);
        if (ids.Count > MostRows) return Refuse(context, new(400, "That is too much for one file", $"{Amount.Models(ids.Count)} pass; {Amount.Full(MostRows)} are the most. Narrow the filter, or run ./atlas export on the machine of the site."));
        if (!await Turns.WaitAsync(TimeSpan.Zero, cancellationToken)) return Refuse(context, new(429, "Others are exporting", "Try again in a minute."));
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(async output =>
        {
            try
            {
                await format.WriteAsync(export.ReadAsync(ids, cancellationToken), output, cancellationToken);
            }
            finally
            {
                Turns.Release();
            }
        }, format.MediaType, $"models.{format.Name}");
    }

    private static async Task<IResult> FeedAsync(HttpContext context, CatalogReader catalog, CancellationToken cancellationToken)
    {
        var (view, wrong) = CatalogUrl.Read(context.Request.Query);
        if (view is null) return Refuse(context, new(400, "A key of the address cannot be read", $"{wrong?.Key} {wrong?.Message}."));
        view = view with { Page = 1, Size = FeedSize };
        if (!context.Request.Query.ContainsKey("sort")) view = view with { Sort = CatalogSort.Created, Descending = true };
        var rows = (await catalog.ListAsync(view, cancellationToken)).Items;
        var page = CatalogUrl.Write(view with { Size = CatalogView.DefaultSize });
        var filter = string.Join(", ", view.Filter.Chosen.Select(chosen => $"{chosen.Key.Label.ToLowerInvariant()} {string.Join(" or ", chosen.Values.Select(chosen.Key.Describe))}"));
        return AtomFeed.Answer($"ModelAtlas: models{(filter.Length == 0 ? "" : ", " + filter)}", context.Request.Origin(), page.Replace(CatalogUrl.Page, $"{CatalogUrl.Page}.atom", StringComparison.Ordinal), page, [.. rows.Select(Entry)]);
    }

    private static AtomEntry Entry(CatalogRow row) => new(
        CatalogUrl.Model(row.RepoId), row.RepoId, CatalogUrl.Model(row.RepoId), row.ModifiedAt ?? row.CreatedAt ?? row.ObservedAt,
        string.Create(CultureInfo.InvariantCulture, $"{row.Class.Label()}, {row.Basis.Label().ToLowerInvariant()}; licence {row.License?.Name ?? "not found"}{(row.Parameters is { } size ? $"; {Amount.Short(size)} parameters" : "")}."));

    private static ProblemHttpResult Refuse(HttpContext context, Problem problem) => TypedResults.Problem(CatalogEndpoints.Details(context, problem));
}
