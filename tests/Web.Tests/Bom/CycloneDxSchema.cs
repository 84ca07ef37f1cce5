using System.Reflection;
using System.Text.Json.Nodes;
using Json.Schema;

namespace ModelAtlas.Web.Tests.Bom;

/// <summary>The published schema of CycloneDX 1.6 with those it refers to, out of the CycloneDX project's own package, where the build fetched it.</summary>
internal static class CycloneDxSchema
{
    private static readonly Lazy<JsonSchema> Schema = new(Read);

    public static IReadOnlyList<string> Errors(JsonNode document)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(document.ToJsonString());
        var found = Schema.Value.Evaluate(parsed.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return found.IsValid ? [] : [.. (found.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => (detail.Errors ?? new Dictionary<string, string>()).Select(error => $"{detail.InstanceLocation}: {error.Value}"))];
    }

    /// <summary>Ids of the SPDX list that the schema allows.</summary>
    public static IReadOnlySet<string> SpdxIds { get; } =
        (JsonNode.Parse(Text("spdx.schema.json"))?["enum"]?.AsArray() ?? []).Select(id => id?.GetValue<string>() ?? "").ToHashSet(StringComparer.Ordinal);

    private static JsonSchema Read()
    {
        foreach (var name in new[] { "spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json" })
        {
            var part = JsonSchema.FromText(Text(name));
            SchemaRegistry.Global.Register(new($"http://cyclonedx.org/schema/{name}"), part);
        }
        return JsonSchema.FromText(Text("bom-1.6.schema.json"));
    }

    private static string Text(string name)
    {
        var path = typeof(CycloneDxSchema).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "CycloneDxTool").Value ?? "";
        using var stream = Assembly.LoadFile(path).GetManifestResourceStream($"CycloneDX.Core.Schemas.{name}") ?? throw new InvalidOperationException($"{path} holds no schema {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
