using System.Text.Json.Nodes;
using ModelAtlas.Testing;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Tests.Faults;
using Npgsql;

namespace ModelAtlas.Web.Tests.Hosting;

public sealed class OldSchemaTests(PostgresFixture postgres)
{
    /// <summary>The first catalogue; the step behind it changes <c>model_base</c>, then <c>model</c>.</summary>
    private const string FirstCatalogue = "20261124003525_Initial";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DAT_15_Every_schema_there_ever_was_becomes_the_newest_with_all_of_its_rows()
    {
        var newest = await OldSchemas.ShapeAsync(await postgres.CreateDatabaseAsync());
        var old = await postgres.CreateBareDatabaseAsync();
        foreach (var step in OldSchemas.Steps)
        {
            await OldSchemas.StepAsync(old, step);
            var before = await OldSchemas.ReadAsync(old);
            Assert.Contains(before.Values, rows => rows.Count > 0);
            var copy = await postgres.CopyAsync(new NpgsqlConnectionStringBuilder(old).Database ?? "");

            await AtlasMigrator.MigrateAsync(copy + ";Pooling=false", Token);

            AssertKept(before, await OldSchemas.ReadAsync(copy), step);
            Assert.Equal(newest, await OldSchemas.ShapeAsync(copy));
        }
    }

    [Fact]
    public async Task DAT_15_What_a_step_works_out_of_the_rows_is_there_afterwards()
    {
        var database = await OldSchemas.MakeAsync(postgres, FirstCatalogue);
        await AtlasMigrator.MigrateAsync(database, Token);

        var after = await OldSchemas.ReadAsync(database);
        var model = after["public.model"].Single(row => $"{row["repo_id"]}" == "maker/Some_Model");
        Assert.Equal(("somemodel", "8192", "4", "7"), ($"{model["spoken_name"]}", $"{model["context_length"]}", $"{model["weights_level"]}", $"{model["license_level"]}"));
        Assert.Equal("maker/some_model", $"{Assert.Single(after["public.model_base"])["base_key"]}");
        Assert.Equal(2, after["public.model_due"].Count); // to be judged with their bases
    }

    [Fact]
    public async Task DAT_15_A_migration_killed_half_way_is_done_whole_by_the_next_one()
    {
        var database = await OldSchemas.MakeAsync(postgres, FirstCatalogue);
        var before = await OldSchemas.ReadAsync(database);
        await using (var reader = await ReadingAsync(database))
        {
            await using var killed = Migrate(database);
            await WaitingAsync(database, "relation", 1); // model_base is done, model is not
            killed.Kill();
            await killed.EndAsync(TimeSpan.FromSeconds(30));
        }
        Assert.Equal(before.Keys.Order(), (await OldSchemas.ReadAsync(database)).Keys.Order()); // nothing of it stayed

        await using var next = Migrate(database);
        Assert.Equal(0, await next.EndAsync(TimeSpan.FromMinutes(2)));

        AssertKept(before, await OldSchemas.ReadAsync(database), "killed");
        Assert.Equal(await OldSchemas.ShapeAsync(await postgres.CreateDatabaseAsync()), await OldSchemas.ShapeAsync(database));
    }

    [Fact]
    public async Task DAT_15_Of_two_migrations_at_once_one_works_while_the_other_waits_and_both_end_well()
    {
        var database = await OldSchemas.MakeAsync(postgres, FirstCatalogue);
        var before = await OldSchemas.ReadAsync(database);
        await using var one = Migrate(database);
        await using var other = Migrate(database);
        await using (await ReadingAsync(database))
        {
            await WaitingAsync(database, "relation", 1);
            await WaitingAsync(database, "advisory", 1);
        }

        Assert.Equal(0, await one.EndAsync(TimeSpan.FromMinutes(2)));
        Assert.Equal(0, await other.EndAsync(TimeSpan.FromMinutes(2)));
        AssertKept(before, await OldSchemas.ReadAsync(database), "two at once");
        Assert.Equal(await OldSchemas.ShapeAsync(await postgres.CreateDatabaseAsync()), await OldSchemas.ShapeAsync(database));
    }

    private static AtlasProcess Migrate(string database) => AtlasProcess.Start(["migrate"], new Dictionary<string, string> { ["ConnectionStrings__Atlas"] = database });

    /// <summary>Somebody who reads <c>model</c>, so that no column of it can change meanwhile.</summary>
    private static async Task<NpgsqlConnection> ReadingAsync(string database)
    {
        var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var read = new NpgsqlCommand("BEGIN; LOCK TABLE model IN ACCESS SHARE MODE", connection);
        await read.ExecuteNonQueryAsync(Token);
        return connection;
    }

    private static async Task WaitingAsync(string database, string forWhat, long count)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await CrawlStage.UntilAsync(
            async () =>
            {
                await using var command = source.CreateCommand($"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = '{forWhat}'");
                return (long)(await command.ExecuteScalarAsync(Token) ?? 0L) == count;
            },
            TimeSpan.FromMinutes(1),
            $"Nobody waited for {forWhat}");
    }

    private static void AssertKept(Dictionary<string, List<JsonObject>> before, Dictionary<string, List<JsonObject>> after, string what)
    {
        foreach (var (table, rows) in before)
        {
            var columns = rows.SelectMany(row => row.Select(field => field.Key)).Distinct().ToList();
            Assert.True(Told(rows, columns) == Told(after[table], columns), $"{table} after {what}: {Told(after[table], columns)} instead of {Told(rows, columns)}");
        }
    }

    private static string Told(List<JsonObject> rows, List<string> columns) =>
        string.Join('\n', rows.Select(row => string.Join(' ', columns.Select(column => row[column]?.ToJsonString()))).Order(StringComparer.Ordinal));
}
