using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Bom;

internal static class BomEndpoints
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string CycloneDxUrl(string repoId) => $"{CatalogUrl.Model(repoId)}/bom.cdx.json";

    public static string SpdxUrl(string repoId) => $"{CatalogUrl.Model(repoId)}/bom.spdx.json";

    public static void MapBoms(this IEndpointRouteBuilder routes)
    {
        Map(routes, "bom.cdx.json", "GetCycloneDx", "CycloneDX 1.6", CycloneDx.MediaType, CycloneDx.Write);
        Map(routes, "bom.spdx.json", "GetSpdx", "SPDX 3.0.1", Spdx.MediaType, Spdx.Write);
    }

    private static void Map(IEndpointRouteBuilder routes, string file, string id, string format, string type, Func<ModelBom, JsonObject> write) =>
        routes.MapGet($"/models/{{owner}}/{{name}}/{file}", async (string owner, string name, HttpContext context, ModelReader models, CancellationToken cancellationToken) =>
        {
            var asked = $"{owner}/{name}";
            var found = asked.Length <= UnknownModel.LongestId && !asked.Contains('\0', StringComparison.Ordinal) ? await models.FindAsync(asked, cancellationToken) : new(null, null, []);
            if (found.MovedTo is { } now) return TypedResults.LocalRedirect($"{CatalogUrl.Model(now)}/{file}", permanent: true);
            if (found.Model is not { } model) return Results.Problem(CatalogEndpoints.Details(context, UnknownModel.ProblemOf(asked)));
            return TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(write(ModelBom.Of(model)), Indented), type);
        }).CacheOutput(PageCache.Policy).WithTags("Bills of materials").WithName(id).WithSummary($"What a model is made of, as {format}")
            .Produces(200, contentType: type.Split(';')[0]).Produces(301).ProducesProblem(404).ProducesProblem(503);
}
