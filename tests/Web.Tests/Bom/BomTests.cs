using System.Net;
using System.Text.Json.Nodes;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Bom;

public sealed class BomTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static readonly string[] Relations = ["hasConcludedLicense", "hasDeclaredLicense", "descendantOf", "trainedOn"];

    [Fact]
    public async Task The_bill_of_every_model_keeps_to_the_published_schema_of_CycloneDX()
    {
        foreach (var model in SampleCatalog.Models.Take(25))
        {
            var bom = await ReadAsync(model.RepoId, "bom.cdx.json");
            Assert.Empty(CycloneDxSchema.Errors(bom).Select(error => $"{model.RepoId}: {error}"));
            Assert.Equal("machine-learning-model", bom["metadata"]?["component"]?["type"]?.GetValue<string>());
            string[] parts = [.. bom["components"]!.AsArray().Select(part => part!["bom-ref"]!.GetValue<string>()), $"model:{model.RepoId}"];
            Assert.All(bom["dependencies"]!.AsArray().SelectMany(from => from!["dependsOn"]?.AsArray() ?? []), on => Assert.Contains(on!.GetValue<string>(), parts));
        }
    }

    [Fact]
    public async Task The_schema_is_really_asked()
    {
        var bom = await ReadAsync(SampleCatalog.Bloom, "bom.cdx.json");
        bom["metadata"]!["component"]!["type"] = "brain";
        bom["serialNumber"] = "7";
        var errors = CycloneDxSchema.Errors(bom);
        Assert.Contains(errors, error => error.StartsWith("/serialNumber", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("/metadata/component/type", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_SPDX_id_of_the_desk_is_one_that_the_schema_knows() =>
        Assert.DoesNotContain(LicenseDesk.All.Select(license => license.SpdxId).OfType<string>(), id => !CycloneDxSchema.SpdxIds.Contains(id));

    [Fact]
    public async Task The_bill_in_SPDX_is_one_graph_whose_names_all_stand_for_something()
    {
        foreach (var model in SampleCatalog.Models.Take(25))
        {
            var bom = await ReadAsync(model.RepoId, "bom.spdx.json");
            Assert.Equal("https://spdx.org/rdf/3.0.1/spdx-context.jsonld", bom["@context"]?.GetValue<string>());
            var graph = bom["@graph"]!.AsArray().OfType<JsonObject>().ToList();
            var creation = Assert.Single(graph, element => Type(element) == "CreationInfo");
            var elements = graph.FindAll(element => element != creation);
            var ids = elements.ConvertAll(element => element["spdxId"]!.GetValue<string>());
            Assert.Distinct(ids);
            Assert.All(ids, id => Assert.True(Uri.IsWellFormedUriString(id, UriKind.Absolute), id));
            Assert.All(elements, element => Assert.Equal(creation["@id"]?.GetValue<string>(), element["creationInfo"]?.GetValue<string>()));
            var document = Assert.Single(elements, element => Type(element) == "SpdxDocument");
            Assert.Equal(ids.Except([document["spdxId"]!.GetValue<string>()]), document["element"]!.AsArray().Select(id => id!.GetValue<string>()));
            foreach (var relation in elements.Where(element => Type(element) == "Relationship"))
            {
                Assert.Contains(relation["relationshipType"]!.GetValue<string>(), Relations);
                Assert.Contains(relation["from"]!.GetValue<string>(), ids);
                Assert.All(relation["to"]!.AsArray(), to => Assert.Contains(to!.GetValue<string>(), ids.Append("https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense")));
            }
            Assert.Empty(SpdxShape.Errors(bom).Select(error => $"{model.RepoId}: {error}"));
            foreach (var package in elements.Where(element => Type(element) == "ai_AIPackage" && document["profileConformance"]!.AsArray().Any(profile => profile!.GetValue<string>() == "ai")).Take(1))
                Assert.All(new[] { "suppliedBy", "software_packageVersion", "software_downloadLocation", "releaseTime", "software_primaryPurpose" }, key => Assert.True(package.ContainsKey(key), $"{model.RepoId} has no {key}"));
        }
    }

    [Fact]
    public async Task The_shape_is_really_asked()
    {
        var bom = await ReadAsync(SampleCatalog.Bloom, "bom.spdx.json");
        var graph = bom["@graph"]!.AsArray().OfType<JsonObject>().ToList();
        graph.Find(element => Type(element) == "ai_AIPackage")!["ai_colour"] = "blue";
        graph.Find(element => Type(element) == "SpdxDocument")!["profileConformance"]!.AsArray().Add("brain");
        graph.Find(element => Type(element) == "Relationship")!.Remove("to");
        var errors = SpdxShape.Errors(bom);
        Assert.Contains(errors, error => error.Contains("ai_colour", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("brain", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("lacks to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_AI_profile_is_claimed_where_every_model_has_what_it_asks_for_and_only_there()
    {
        List<bool> claimed = [];
        foreach (var model in SampleCatalog.Models.Take(25))
        {
            var graph = (await ReadAsync(model.RepoId, "bom.spdx.json"))["@graph"]!.AsArray().OfType<JsonObject>().ToList();
            claimed.Add(graph.Find(element => Type(element) == "SpdxDocument")!["profileConformance"]!.AsArray().Any(profile => profile!.GetValue<string>() == "ai"));
            var packages = graph.FindAll(element => Type(element) == "ai_AIPackage");
            Assert.Equal(claimed[^1], packages.TrueForAll(package => new[] { "suppliedBy", "software_packageVersion", "software_downloadLocation", "releaseTime", "software_primaryPurpose" }.All(package.ContainsKey)));
            foreach (var package in packages)
                foreach (var kind in new[] { "hasConcludedLicense", "hasDeclaredLicense" })
                    Assert.Single(graph, element => Type(element) == "Relationship" && element["from"]!.GetValue<string>() == package["spdxId"]!.GetValue<string>() && element["relationshipType"]!.GetValue<string>() == kind);
        }
        Assert.Contains(true, claimed);
        Assert.Contains(false, claimed);
    }

    /// <summary>The schema itself is in no package that can be had by name: where somebody has fetched it (<c>https://spdx.org/schema/3.0.1/spdx-json-schema.json</c>, which the repository spdx/spdx-java-v3jsonld-store keeps as resources/schema-v3.0.1.json), ATLAS_SPDX_SCHEMA names the file.</summary>
    [Fact]
    public async Task The_bill_of_every_model_keeps_to_the_published_schema_of_SPDX()
    {
        var path = Environment.GetEnvironmentVariable("ATLAS_SPDX_SCHEMA") ?? SharedData.Find("spdx/spdx-json-schema.json");
        Assert.SkipWhen(path is null, "ATLAS_SPDX_SCHEMA names no file and " + SharedData.SkipMessage("spdx/spdx-json-schema.json"));
        var schema = Json.Schema.JsonSchema.FromText(await File.ReadAllTextAsync(path!, TestContext.Current.CancellationToken));
        foreach (var model in SampleCatalog.Models.Take(25))
        {
            using var bom = System.Text.Json.JsonDocument.Parse((await ReadAsync(model.RepoId, "bom.spdx.json")).ToJsonString());
            Assert.True(schema.Evaluate(bom.RootElement).IsValid, model.RepoId);
        }
    }

    [Fact]
    public async Task Bases_datasets_and_licences_are_in_both_bills()
    {
        var bom = (await ReadAsync(SampleCatalog.Quantized, "bom.cdx.json")).ToJsonString();
        Assert.Contains("model:meta-llama/Meta-Llama-3-8B", bom, StringComparison.Ordinal);
        Assert.Contains("modelatlas:license-conflict", bom, StringComparison.Ordinal);
        var spdx = (await ReadAsync(SampleCatalog.Bloom, "bom.spdx.json")).ToJsonString();
        Assert.Contains("trainedOn", spdx, StringComparison.Ordinal);
        Assert.Contains("bigscience-data/roots", spdx, StringComparison.Ordinal);
        Assert.Contains("LicenseRef-bigscience-bloom-rail-1.0", spdx, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_model_gives_the_same_file_and_an_unknown_one_none()
    {
        Assert.Equal((await ReadAsync(SampleCatalog.Bloom, "bom.cdx.json")).ToJsonString(), (await ReadAsync(SampleCatalog.Bloom, "bom.cdx.json")).ToJsonString());
        using var missing = await fixture.Client.GetAsync("/models/no/such/bom.cdx.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var moved = await fixture.Client.GetAsync("/models/bigscience/bloom-176b/bom.spdx.json", TestContext.Current.CancellationToken);
        Assert.Equal("/models/bigscience/bloom/bom.spdx.json", moved.Headers.Location?.OriginalString);
    }

    private static string? Type(JsonObject element) => element["type"]?.GetValue<string>();

    private async Task<JsonNode> ReadAsync(string id, string file) =>
        JsonNode.Parse(await fixture.Client.GetStringAsync($"{CatalogUrl.Model(id)}/{file}", TestContext.Current.CancellationToken)) ?? throw new InvalidOperationException();
}
