using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.ModelsDev;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Ingest.Tests.Crawl;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.ModelsDev;

public sealed class SyncServicesTests(PostgresFixture postgres)
{
    private const string Lists = """
        {"acme":{"id":"acme","name":"Acme","doc":"https://acme.example/models","models":{
          "orbit-2":{"id":"orbit-2","name":"Orbit 2","open_weights":false,"reasoning":true,"release_date":"2026-01-05","last_updated":"2026-02-01","modalities":{"input":["text","image"],"output":["text"]}},
          "pebble":{"id":"pebble","open_weights":true},
          "unsaid":{"id":"unsaid"},
          "stone":{"id":"stone","open_weights":false},
          "bad name":{"id":"bad name","open_weights":false},
          "no-object":7}},
         "reseller":{"doc":"javascript:alert(1)","models":{"acme/orbit-2":{"open_weights":false},"acme/pebble":{"open_weights":false}}},
         "broken":{"models":[1,2]},"nothing":null}
        """;

    [Fact]
    public async Task A_model_whose_weights_are_not_open_is_a_closed_one_with_its_source()
    {
        await using var bench = await StartAsync();
        var result = await RunAsync(bench);
        Assert.Equal((2, 1), (result.Stored, result.Quarantined));
        Assert.Equal(["acme/orbit-2", "acme/stone"], await bench.IdsAsync());
        Assert.Equal(2, (await bench.QueryAsync<long>($"SELECT count(*) FROM model WHERE class = {(int)Openness.Closed} AND state = {(int)RepoState.Service}"))[0]);
        var document = (await bench.QueryAsync<string>("SELECT document::text FROM verdict JOIN model ON model_id = model.id WHERE repo_id = 'acme/orbit-2'"))[0];
        Assert.Contains("https://models.dev/api.json", document, StringComparison.Ordinal);
        Assert.Contains("acme.models.orbit-2.open_weights", document, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript", string.Join(' ', await bench.QueryAsync<string>("SELECT convert_from(json, 'UTF8') FROM model_facts")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_list_again_writes_no_verdict_and_no_facts()
    {
        await using var bench = await StartAsync();
        await RunAsync(bench);
        bench.Clock.Ahead = TimeSpan.FromDays(1);
        const string Versions = "SELECT string_agg(xmin::text || ctid::text, ' ' ORDER BY ctid) FROM model UNION ALL SELECT string_agg(xmin::text, ' ' ORDER BY ctid) FROM model_facts UNION ALL SELECT count(*)::text FROM verdict";
        var before = await bench.QueryAsync<string>(Versions);
        Assert.Equal(0, (await RunAsync(bench)).Stored);
        Assert.Equal(before, await bench.QueryAsync<string>(Versions));
    }

    [Fact]
    public async Task A_repository_of_the_hub_keeps_its_facts_whichever_comes_first()
    {
        await using var bench = await StartAsync();
        var repo = FakeModels.One(1, new Random(1));
        (repo["id"], repo["_id"]) = ("Acme/Stone", "621ffdc036468d709f174338");
        bench.Hub.Models.Add(repo);
        await bench.CrawlAsync(CrawlBench.Full);
        await RunAsync(bench);
        Assert.Equal(["Acme/Stone", "acme/orbit-2"], await bench.IdsAsync());

        var late = FakeModels.One(2, new Random(2));
        (late["id"], late["_id"]) = ("acme/orbit-2", "721ffdc036468d709f174339");
        bench.Hub.Models.Add(late);
        bench.Clock.Ahead = TimeSpan.FromDays(1);
        await bench.CrawlAsync(CrawlBench.Full);
        await RunAsync(bench);
        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(bench.Database).Options);
        var model = await db.Models.SingleAsync(row => row.RepoId == "acme/orbit-2", TestContext.Current.CancellationToken);
        Assert.Equal(("721ffdc036468d709f174339", RepoState.Listed), (model.HubId, model.State));
        Assert.NotEqual(Openness.Closed, model.Class);
        Assert.DoesNotContain("service", Encoding.UTF8.GetString((await db.Facts.SingleAsync(row => row.ModelId == model.Id, TestContext.Current.CancellationToken)).Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("{\"acme\":")]
    [InlineData("<html>")]
    public async Task An_answer_that_is_no_list_changes_nothing_and_is_said(string answer)
    {
        await using var bench = await StartAsync();
        bench.Hub.ModelsDev = answer;
        Assert.Equal(PageResult.None, await RunAsync(bench));
        Assert.Contains(bench.Log.Lines, line => line.Contains("models.dev was not read", StringComparison.Ordinal));
        Assert.Empty(await bench.IdsAsync());
    }

    [Fact]
    public async Task An_answer_without_end_and_a_redirect_are_refused()
    {
        await using var bench = await StartAsync();
        bench.Hub.ModelsDev = "{\"acme\":{\"models\":{\"x\":{\"open_weights\":false,\"name\":\"" + new string('a', 200_000) + "\"}}}}";
        bench.Services.GetRequiredService<IOptions<ModelsDevOptions>>().Value.MaxBytes = 100_000;
        Assert.Equal(PageResult.None, await RunAsync(bench));
        bench.Hub.Fail((context, _) =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (302, "/api/models");
            return Task.CompletedTask;
        });
        Assert.Equal(PageResult.None, await RunAsync(bench));
        Assert.Equal(2, bench.Hub.Log.Count);
    }

    [Fact]
    public void The_recorded_list_gives_the_services_of_its_makers()
    {
        const string Recorded = "hub/reference/models-dev-api.json.gz";
        var path = SharedData.Find(Recorded);
        Assert.SkipWhen(path is null, SharedData.SkipMessage(Recorded));
        using var json = new MemoryStream();
        using (var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress)) packed.CopyTo(json);
        var list = ModelsDevReader.Read(json.ToArray());
        Assert.Empty(list.Unreadable);
        Assert.InRange(list.Models.Count, 100, 160);
        Assert.All(list.Models, model => Assert.Equal("service", model.Atlas?.Kind));
        Assert.Contains(list.Models, model => model.Id.StartsWith("anthropic/", StringComparison.Ordinal));
    }

    private async Task<CrawlBench> StartAsync()
    {
        var bench = await CrawlBench.StartAsync(postgres);
        bench.Hub.ModelsDev = Lists;
        bench.Services.GetRequiredService<IOptions<ModelsDevOptions>>().Value.Endpoint = bench.Hub.Endpoint;
        return bench;
    }

    private static Task<PageResult> RunAsync(CrawlBench bench) => bench.Services.GetRequiredService<SyncServicesJob>().RunAsync(TestContext.Current.CancellationToken);
}
