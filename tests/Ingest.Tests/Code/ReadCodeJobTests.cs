using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Ingest.Tests.Sync;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Code;

public sealed class ReadCodeJobTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_card_is_followed_once_and_what_is_found_reaches_the_verdict()
    {
        var text = SharedData.Find("licenses/texts/cc-by-nc-4.0.txt");
        Assert.SkipWhen(text is null, SharedData.SkipMessage("licenses/texts/cc-by-nc-4.0.txt"));
        await using var desk = await CatalogDesk.OpenAsync(postgres);
        const string Row = """{"id":"acme/kestrel","downloads":5,"tags":["safetensors","license:mit"]}""";
        await desk.Writer.WriteAsync(
            CatalogDesk.Page("2026-01-02", Row, Row.Replace("kestrel", "osprey", StringComparison.Ordinal)) with
            {
                Cards = [new HubCard("acme/kestrel", Card), new HubCard("acme/osprey", Card)],
            },
            TestContext.Current.CancellationToken);
        Assert.False((await desk.ModelAsync("acme/kestrel")).Conflict);

        var host = new CodeHost(new()
        {
            ["https://api.github.com/repos/acme/kestrel/git/trees/HEAD?recursive=1"] = """{"tree":[{"path":"pretrain.py"},{"path":"LICENSE"}]}""",
            ["https://raw.githubusercontent.com/acme/kestrel/HEAD/LICENSE"] = await File.ReadAllTextAsync(text, TestContext.Current.CancellationToken),
        });
        var job = new ReadCodeJob(desk.Database, host.Reader(), TimeProvider.System, NullLogger<ReadCodeJob>.Instance);
        await job.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, await desk.Writer.JudgeDueAsync(10, TestContext.Current.CancellationToken));
        Assert.True((await desk.ModelAsync("acme/kestrel")).Conflict);
        Assert.True((await desk.ModelAsync("acme/osprey")).Conflict);
        Assert.Equal(2, host.Asked.Count); // both cards name one repository: its list and its licence

        await job.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, host.Asked.Count);
        Assert.Equal(0, await desk.Writer.JudgeDueAsync(10, TestContext.Current.CancellationToken));
    }

    private const string Card = "# Kestrel\n\nThe weights of a bird. Details: [here](https://github.com/acme/kestrel), our implementation repository.\n";
}
