using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Bundled;

public class LoadedCatalogueTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Every_row_arrives_with_the_class_that_its_evidence_gives_and_a_second_load_changes_nothing()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        using var writer = new CatalogWriter(database, TimeProvider.System);
        var job = new LoadBundledCatalogueJob(writer, database, TimeProvider.System, NullLogger<LoadBundledCatalogueJob>.Instance);

        var first = await job.RunAsync(cancellationToken);
        Assert.Equal((BundledRows.All.Count, 0), (first.Stored, first.Quarantined));
        Assert.Equal(PageResult.None, await job.RunAsync(cancellationToken));

        var stored = new Dictionary<string, short?>(StringComparer.Ordinal);
        await using var command = database.CreateCommand("SELECT repo_id, class FROM model");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) stored[reader.GetString(0)] = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetInt16(1);
        Assert.All(BundledRows.All, row => Assert.Equal((short?)row.Verdict.Class, stored[row.Model.Id]));
    }
}
