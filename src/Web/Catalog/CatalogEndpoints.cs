using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Catalog;

/// <summary>The catalogue for programs: the same keys as the page, the same reader behind them.</summary>
internal static class CatalogEndpoints
{
    private const int MostOptions = 40;

    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Catalogue").CacheOutput(PageCache.Policy);
        api.MapGet("/models", ListAsync).WithName("ListModels").WithSummary("Models that pass the filters")
            .WithDescription($"Takes the keys of the /models page ({string.Join(", ", FilterKeys.All.Select(key => key.Name))}, sort, dir), "
                + "and limit and cursor. A value may be a comma-separated list; a wrong key or value is answered with 400 and what is allowed.")
            .Produces<ModelsAnswer>().ProducesProblem(400).ProducesProblem(503);
        api.MapGet("/models/{owner}/{name}", FindAsync).WithName("GetModel").WithSummary("One model with its verdict, evidence, files and lineage")
            .Produces<ModelAnswer>().Produces(301).ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/facets", FacetsAsync).WithName("GetFacets").WithSummary("Total and counts of each filter's values under the other filters")
            .Produces<FacetsAnswer>().ProducesProblem(400).ProducesProblem(503);
    }

    private static async Task<IResult> ListAsync(HttpContext context, CatalogReader catalog, CancellationToken cancellationToken)
    {
        var (view, problem) = CatalogUrl.Read(context.Request.Query, CatalogUrl.Api);
        if (view is null) return Refuse(context, problem);
        var found = await catalog.ListAsync(view, cancellationToken);
        return Answer(context, new([.. found.Items.Select(ModelItem.Of)], found.Total, found.Next), ApiJson.Default.ModelsAnswer);
    }

    private static async Task<IResult> FindAsync(string owner, string name, HttpContext context, ModelReader models, CancellationToken cancellationToken)
    {
        var id = $"{owner}/{name}";
        var found = id.Length <= UnknownModel.LongestId && !id.Contains('\0', StringComparison.Ordinal)
            ? await models.FindAsync(id, cancellationToken) : new(null, null, []);
        if (found.MovedTo is { } now) return TypedResults.LocalRedirect(CatalogUrl.Model(now, CatalogUrl.Api), permanent: true);
        return found.Model is { } model
            ? Answer(context, ModelAnswer.Of(model), ApiJson.Default.ModelAnswer)
            : TypedResults.Problem(Details(context, UnknownModel.ProblemOf(id), ("similar", found.Similar.Select(row => row.RepoId).ToArray())));
    }

    private static async Task<IResult> FacetsAsync(HttpContext context, CatalogCounter counter, CancellationToken cancellationToken)
    {
        var (view, problem) = CatalogUrl.Read(context.Request.Query, CatalogUrl.Api);
        if (view is null) return Refuse(context, problem);
        var counts = await counter.CountAsync(view.Filter, [.. FilterKeys.Facets, .. FilterKeys.Options, .. FilterKeys.Many], MostOptions, cancellationToken);
        return Answer(context, new(counts.Total, counts.Facets.ToDictionary(
            facet => facet.Key.Name, facet => facet.Options.Select(option => new FacetItem(option.Value, option.Label, option.Count)).ToArray())), ApiJson.Default.FacetsAnswer);
    }

    private static ProblemHttpResult Refuse(HttpContext context, UrlProblem? problem) => TypedResults.Problem(Details(
        context, new(400, "A key of the address cannot be read", $"{problem?.Key} {problem?.Message}."), ("key", problem?.Key), ("value", problem?.Value)));

    internal static ProblemDetails Details(HttpContext context, Problem problem, params (string Key, object? Value)[] more)
    {
        var details = new ProblemDetails { Status = problem.Status, Title = problem.Title, Detail = problem.Remedy, Extensions = { ["traceId"] = context.TraceId() } };
        foreach (var (key, value) in more) details.Extensions[key] = value;
        return details;
    }

    /// <summary>The answer with a tag of its content, or 304 to who has it already.</summary>
    internal static FileContentHttpResult Answer<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var tag = new EntityTagHeaderValue($"\"{XxHash64.HashToUInt64(json):x16}\"", isWeak: true);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(json, "application/json; charset=utf-8", entityTag: tag);
    }
}
