using System.Text;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>A comparison of models as a table for spreadsheets.</summary>
internal static class ModelCompareEndpoints
{
    public static void MapModelComparison(this IEndpointRouteBuilder routes) =>
        routes.MapGet(ModelCompareUrl.Csv, WriteCsvAsync).CacheOutput(PageCache.Policy).ExcludeFromDescription();

    private static async Task<IResult> WriteCsvAsync(HttpContext context, ModelCompareReader models, CancellationToken cancellationToken)
    {
        if (ModelCompareUrl.Names(context.Request) is not { Count: >= 1 and <= ModelComparison.Most } names)
            return TypedResults.Problem(CatalogEndpoints.Details(context, new(400, "This comparison cannot be made", $"m is 1 to {ModelComparison.Most} models, by names such as bigscience/bloom.")));
        var text = Write(ModelComparison.Of(await models.ReadAsync(names, cancellationToken)), context.Request.Query["diff"] == "1");
        return TypedResults.File(Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", "models.csv");
    }

    private static string Write(ModelComparison comparison, bool differencesOnly)
    {
        var text = new StringBuilder().Line(["group", "row", "differs", .. comparison.Models.SelectMany(model => new[] { model.Id, $"{model.Id} note" })]);
        foreach (var row in differencesOnly ? comparison.Differences : comparison.Rows)
            text.Line([row.Group, row.Label, row.Differs ? "yes" : "no", .. row.Cells.SelectMany(cell => new[] { cell?.Text ?? "", cell?.Note ?? "" })]);
        return text.ToString();
    }
}
