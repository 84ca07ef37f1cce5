using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Sync;

public sealed class QuarantineReplayTests(PostgresFixture postgres)
{
    [Fact]
    public async Task JOB_14_What_can_be_read_by_now_is_stored_as_of_its_day_and_doing_it_again_changes_nothing()
    {
        await using var desk = await CatalogDesk.OpenAsync(postgres);
        await desk.SeeAsync("2026-01-02", """{"id":"acme/known","tags":["license:mit"]}""", """{"id":7}""", """{"id":"acme/late","tags":["license:mit"]""");
        Assert.Equal(2L, await desk.ValueAsync<long>("SELECT count(*) FROM quarantine"));
        await desk.DoAsync("UPDATE quarantine SET raw = raw || '}', raw_length = raw_length + 1 WHERE reason NOT LIKE '%id%' OR convert_from(raw, 'UTF8') LIKE '%late%'"); // as if the reader had learned to read it
        var replay = new QuarantineReplay(desk.Writer, desk.Database, TimeProvider.System);

        Assert.Equal(new ReplayResult(2, 1), await replay.RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc), (await desk.ModelAsync("acme/late")).ObservedAt);
        var versions = await desk.VersionsAsync();
        Assert.Equal(new ReplayResult(1, 0), await replay.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(versions, await desk.VersionsAsync());
    }
}
