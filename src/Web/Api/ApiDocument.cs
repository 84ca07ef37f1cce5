using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Licenses;

namespace ModelAtlas.Web.Api;

/// <summary>The OpenAPI description: what the endpoints say of themselves, and the keys of their addresses, which they read by hand.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.ShouldInclude = static call => !call.ActionDescriptor.EndpointMetadata.OfType<IAntiforgeryMetadata>().Any(metadata => metadata.RequiresValidation); // forms of our own pages
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            // The answers are written by source-generated contexts with names of their own, which the generator of the description does not ask.
            if (context.JsonTypeInfo.Type.Namespace?.StartsWith("ModelAtlas", StringComparison.Ordinal) is true && context.JsonPropertyInfo is null && schema.Properties is { } properties)
            {
                schema.Properties = properties.ToDictionary(pair => JsonNamingPolicy.SnakeCaseLower.ConvertName(pair.Key), pair => pair.Value);
                schema.Required = schema.Required?.Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).ToHashSet();
            }
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info.Title = "ModelAtlas";
            document.Info.Version = Name;
            document.Info.Description = "What AI models are, whether one may use them, and where that is written. Read-only and open to anybody. Lists answer items, total and next; errors are problem details (RFC 9457); answers carry an ETag.";
            document.Servers?.Clear(); // whoever reads it knows where it came from
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, _, _) =>
        {
            foreach (var (key, says) in Keys(operation.OperationId ?? ""))
                (operation.Parameters ??= []).Add(new OpenApiParameter { Name = key, In = ParameterLocation.Query, Description = says, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
            return Task.CompletedTask;
        });
    });

    private static IEnumerable<(string Key, string Says)> Keys(string operation) => operation switch
    {
        "ListModels" => [.. Filters, .. Order, ("cursor", "what the answer before said as next"), ("limit", $"a number from 1 to {CatalogUrl.MostRows}")],
        "GetFacets" => Filters,
        "ExportModelsCsv" or "ExportModelsJsonl" or "ExportModelsParquet" or "FollowModels" => [.. Filters, .. Order],
        "ListChanges" => [("kind", "class or license"), ("org", "a publisher"), ("cursor", "what the answer before said as next"), ("limit", "a number from 1 to 100")],
        "ListLicenses" => [("class", string.Join(", ", LicenseClass.All)), ("family", string.Join(", ", LicenseWords.Families)), ("cursor", "what the answer before said as next"), ("limit", "a number from 1 to 200")],
        "CompareLicenses" => [("l", $"1 to {LicenseComparison.Most} identifiers, comma-separated or repeated"), ("diff", "1 for the facts that differ")],
        _ => [],
    };

    private static IEnumerable<(string, string)> Filters => FilterKeys.All.Select(key => (key.Name, $"{key.Label}: {key.Allowed}"));

    private static IEnumerable<(string, string)> Order => [("sort", CatalogSorts.Names), ("dir", "asc or desc")];
}
