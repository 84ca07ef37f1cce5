using System.Text;
using System.Text.Json.Nodes;
using ModelAtlas.Ingest.Tests.Crawl;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Files;

public sealed class FileImportTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ING_20_A_file_that_is_imported_twice_writes_no_row_version_the_second_time()
    {
        await using var desk = await ImportDesk.OpenAsync(postgres);
        await WriteAsync(desk, "models-2024-07-01.jsonl", FakeModels.Make(2_500).Select(model => model.ToJsonString()));
        var first = await desk.ImportAsync("models-2024-07-01.jsonl");
        Assert.Equal((2_500, 0, 0), (first.Written.Stored, first.Written.Unchanged, first.Written.Quarantined));
        var versions = await desk.Catalog.VersionsAsync();

        var second = await desk.ImportAsync("models-2024-07-01.jsonl");

        Assert.Equal((0, 0, 2_500), (second.Written.Stored, second.Written.Merged, second.Written.Unchanged));
        Assert.Equal(versions, await desk.Catalog.VersionsAsync());
    }

    [Fact]
    public async Task A_file_gives_the_same_catalogue_as_a_crawl_of_the_same_rows()
    {
        await using var bench = await CrawlBench.StartAsync(postgres, 1_000);
        await bench.CrawlAsync(CrawlBench.Full);
        await using var desk = await ImportDesk.OpenAsync(postgres);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }, disposeHandler: true);
        var answer = await client.GetStringAsync(new Uri(new Uri(bench.Hub.Endpoint), HubSetup.FirstModels), TestContext.Current.CancellationToken);
        await WriteAsync(desk, "models.jsonl", JsonNode.Parse(answer)!.AsArray().Select(row => row!.ToJsonString()));
        Assert.Equal(1_000, (await desk.ImportAsync("models.jsonl")).Written.Stored);
        Assert.Equal(await bench.ContentAsync(), await desk.Catalog.ValueAsync<string>(CatalogContent.Query));
    }

    [Fact]
    public async Task Rows_that_are_judged_ahead_of_the_writer_come_out_as_rows_that_are_judged_by_it()
    {
        string[] rows =
        [
            .. Enumerable.Range(0, 60).Select(n => $$"""{"id":"acme/model-{{n}}","tags":["transformers","safetensors","license:mit"],"pipeline_tag":"text-generation","downloads":{{n}}}"""),
            """{"id":"acme/tuned","tags":["transformers","base_model:acme/model-1","license:apache-2.0"]}""",
            """{"id":"acme/tuned-too","tags":["transformers","base_model:acme/model-1","license:apache-2.0"]}""",
            """{"id":"acme/itself","tags":["transformers","base_model:acme/itself"]}""",
            """{"id":"acme/fed","tags":["dataset:acme/food","license:mit"]}""",
            """{"id":"acme/model-3","tags":["license:mit"],"downloads":1}""",
            """{"id":"acme/gone","private":true,"tags":["transformers","safetensors","license:mit"],"pipeline_tag":"text-generation"}""",
        ];
        await using var ahead = await ImportDesk.OpenAsync(postgres);
        await WriteAsync(ahead, "models-2024-07-01.jsonl", rows);
        await ahead.ImportAsync("models-2024-07-01.jsonl");
        await using var inTurn = await Sync.CatalogDesk.OpenAsync(postgres);
        await inTurn.Writer.WriteAsync(Sync.CatalogDesk.Page("2024-07-01", rows) with { Source = "file:models-2024-07-01.jsonl" }, TestContext.Current.CancellationToken);

        const string Judged = "SELECT string_agg(repo_id || ' ' || verdict_hash || ' ' || gift_hash || ' ' || document::text, E'\\n' ORDER BY repo_id) FROM model JOIN verdict ON model_id = model.id";
        Assert.Equal(await inTurn.ContentAsync(), await ahead.Catalog.ContentAsync());
        Assert.Equal(await inTurn.ValueAsync<string>(Judged), await ahead.Catalog.ValueAsync<string>(Judged));
    }

    [Fact]
    public async Task An_import_that_was_stopped_goes_on_behind_the_last_page_written()
    {
        await using var desk = await ImportDesk.OpenAsync(postgres);
        await WriteAsync(desk, "models-2024-07-01.jsonl", FakeModels.Make(3_000).Select(model => model.ToJsonString()));
        await desk.Catalog.DoAsync("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT count(*) FROM model) > 1500 THEN RAISE EXCEPTION 'power cut' USING ERRCODE = '57P05'; END IF; RETURN NULL; END $$");
        await desk.Catalog.DoAsync("CREATE TRIGGER refuse AFTER INSERT ON crawl_cursor FOR EACH ROW EXECUTE FUNCTION refuse()");
        await desk.Catalog.DoAsync("ALTER TABLE crawl_cursor DISABLE TRIGGER refuse");
        await desk.Catalog.DoAsync("CREATE TRIGGER refuse_update AFTER UPDATE ON crawl_cursor FOR EACH ROW EXECUTE FUNCTION refuse()");
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => desk.ImportAsync("models-2024-07-01.jsonl"));
        Assert.Equal(1_000L, await desk.Catalog.ValueAsync<long>("SELECT count(*) FROM model"));
        await desk.Catalog.DoAsync("DROP TRIGGER refuse_update ON crawl_cursor");

        var rest = await desk.ImportAsync("models-2024-07-01.jsonl");

        Assert.Equal((1_000L, 2_000), (rest.Before, rest.Written.Stored));
        Assert.Equal(3_000L, await desk.Catalog.ValueAsync<long>("SELECT count(*) FROM model"));
        await desk.Catalog.DoAsync("ALTER TABLE crawl_cursor ENABLE TRIGGER refuse");
        await desk.Catalog.DoAsync("DROP FUNCTION refuse() CASCADE");
    }

    private static Task WriteAsync(ImportDesk desk, string name, IEnumerable<string> lines) =>
        File.WriteAllTextAsync(desk.PathOf(name), string.Join('\n', lines), new UTF8Encoding(false), TestContext.Current.CancellationToken);
}
