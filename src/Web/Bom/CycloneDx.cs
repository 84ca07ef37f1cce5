using System.Globalization;
using System.Text.Json.Nodes;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;

namespace ModelAtlas.Web.Bom;

/// <summary>A bill of materials as CycloneDX 1.6, with the model card of its machine-learning profile.</summary>
internal static class CycloneDx
{
    public const string MediaType = "application/vnd.cyclonedx+json; version=1.6";

    public static JsonObject Write(ModelBom bom) => new()
    {
        ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
        ["bomFormat"] = "CycloneDX",
        ["specVersion"] = "1.6",
        ["serialNumber"] = $"urn:uuid:{bom.Serial}",
        ["version"] = 1,
        ["metadata"] = new JsonObject
        {
            ["timestamp"] = bom.Observed.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["tools"] = new JsonObject { ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "ModelAtlas", ["version"] = typeof(CycloneDx).Assembly.GetName().Version?.ToString(3) }) },
            ["component"] = Model(bom),
        },
        ["components"] = new JsonArray([.. bom.Bases.Concat(bom.Datasets).Select(Component)]),
        ["dependencies"] = new JsonArray(
        [
            new JsonObject { ["ref"] = bom.Model.Reference, ["dependsOn"] = new JsonArray([.. bom.Direct.Concat(bom.Datasets).Select(part => (JsonNode)part.Reference)]) },
            .. bom.Bases.Concat(bom.Datasets).Select(part => (JsonNode)new JsonObject { ["ref"] = part.Reference }),
        ]),
    };

    private static JsonObject Model(ModelBom bom)
    {
        var (component, row, facts) = (Component(bom.Model), bom.Detail.Row, bom.Detail.Facts);
        if (row.Summary is { Length: > 0 } summary) component["description"] = PlainText.Clean(summary);
        if (facts?.Sha is { } sha) component["version"] = sha;
        var parameters = new JsonObject();
        if (row.Task is { } task) parameters["task"] = task;
        if (facts?.ModelType is { } family) parameters["architectureFamily"] = family;
        if (facts?.Architectures is [var architecture, ..]) parameters["modelArchitecture"] = architecture;
        if (bom.Datasets is not []) parameters["datasets"] = new JsonArray([.. bom.Datasets.Select(part => (JsonNode)new JsonObject { ["ref"] = part.Reference })]);
        component["modelCard"] = new JsonObject { ["modelParameters"] = parameters };
        component["properties"] = new JsonArray([.. Facts(bom).Select(fact => (JsonNode)new JsonObject { ["name"] = "modelatlas:" + fact.Name, ["value"] = PlainText.Clean(fact.Value) })]);
        return component;
    }

    private static IEnumerable<(string Name, string Value)> Facts(ModelBom bom)
    {
        var (row, verdict) = (bom.Detail.Row, bom.Detail.Verdict);
        yield return ("class", row.Class.Id() ?? "undecided");
        yield return ("basis", row.Basis.Id());
        if (row.Rung.Id() is { } rung) yield return ("g7-rung", rung);
        if (row.Override is { } set) yield return ("override", set.Reason);
        if (verdict is null) yield break;
        yield return ("rules", verdict.RuleVersion);
        foreach (var declared in verdict.License.Declared) yield return ("license-declared", declared);
        foreach (var conflict in verdict.License.Conflicts) yield return ("license-conflict", conflict);
        foreach (var reason in verdict.Reasons) yield return ($"reason:{reason.Rule}", reason.Text);
        foreach (var missing in verdict.Missing) yield return ("not-found", missing);
    }

    private static JsonObject Component(BomPart part)
    {
        var component = new JsonObject
        {
            ["type"] = part.Kind == BomKind.Dataset ? "data" : "machine-learning-model",
            ["bom-ref"] = part.Reference,
            ["name"] = PlainText.Clean(part.Name),
        };
        if (part.License is { } license)
        {
            var named = license.Spdx is { } spdx ? new JsonObject { ["id"] = spdx } : new JsonObject { ["name"] = PlainText.Clean(license.Name) };
            named["acknowledgement"] = part.Kind == BomKind.Dataset ? "declared" : "concluded";
            if (license.Page is { } page) named["url"] = page;
            component["licenses"] = new JsonArray(new JsonObject { ["license"] = named });
        }
        if (!part.IsHosted) return component;
        if (part.Kind != BomKind.Dataset) component["purl"] = $"pkg:huggingface/{string.Join('/', part.Name.Split('/').Where(piece => piece != "_").Select(Uri.EscapeDataString))}{(part.Version is { } version ? "@" + version : "")}";
        component["externalReferences"] = new JsonArray(new JsonObject { ["type"] = "distribution", ["url"] = part.Page });
        return component;
    }
}
