using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Sync;

/// <summary>A catalogue of its own, and short ways to write to it and look at it.</summary>
internal sealed class CatalogDesk : IAsyncDisposable
{
    public static readonly string[] Tables = ["model", "model_counters", "model_facts", "model_card", "model_base", "model_dataset", "model_due", "model_alias", "verdict", "verdict_change", "license", "term", "dataset", "quarantine", "code_repository", "model_code_visit"];

    /// <summary>Databases that a test is done with: emptying one is quicker than making one.</summary>
    private static readonly ConcurrentBag<string> Free = [];

    private readonly string _connectionString;
    private bool _altered;

    private CatalogDesk(string connectionString)
    {
        _connectionString = connectionString;
        Database = NpgsqlDataSource.Create(connectionString);
        Writer = new(Database, TimeProvider.System);
    }

    public NpgsqlDataSource Database { get; }
    public CatalogWriter Writer { get; }

    public static async Task<CatalogDesk> OpenAsync(PostgresFixture postgres) => new(Free.TryTake(out var free) ? free : await postgres.CreateDatabaseAsync());

    /// <summary>Rows of a list, seen on a day, as a source would give them.</summary>
    public async Task<PageResult> SeeAsync(string day, params string[] rows) =>
        await Writer.WriteAsync(Page(day, rows), TestContext.Current.CancellationToken);

    public static CatalogPage Page(string day, params string[] rows)
    {
        var (models, unreadable) = (new List<HubModel>(), new List<UnreadableElement>());
        foreach (var row in rows)
        {
            if (HubModelReader.TryRead(Encoding.UTF8.GetBytes(row), trusted: false, out var model, [], out var reason)) models.Add(model);
            else unreadable.Add(UnreadableElement.Of($"element {models.Count}", reason, Encoding.UTF8.GetBytes(row)));
        }
        return new("test", DateTimeOffset.Parse(day, null, System.Globalization.DateTimeStyles.AssumeUniversal), models, [], unreadable, null);
    }

    public AtlasDbContext Context() => new(new DbContextOptionsBuilder<AtlasDbContext>().UseNpgsql(Database).UseSnakeCaseNamingConvention().Options);

    public async Task<CatalogModel> ModelAsync(string repoId)
    {
        await using var db = Context();
        return await db.Models.AsNoTracking().SingleAsync(model => model.RepoId == repoId, TestContext.Current.CancellationToken);
    }

    public async Task<string> FactsAsync(string repoId)
    {
        await using var db = Context();
        var id = (await ModelAsync(repoId)).Id;
        return Encoding.UTF8.GetString((await db.Facts.AsNoTracking().SingleAsync(facts => facts.ModelId == id, TestContext.Current.CancellationToken)).Json);
    }

    public async Task<T> ValueAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"{sql} gave nothing."));
    }

    public async Task DoAsync(string sql)
    {
        _altered |= sql.StartsWith("ALTER", StringComparison.Ordinal);
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Every row version of every table that a page writes to.</summary>
    public async Task<string> VersionsAsync()
    {
        var versions = new StringBuilder();
        foreach (var table in Tables) versions.Append(await ValueAsync<string>($"SELECT coalesce(string_agg(ctid::text || xmin::text, ' ' ORDER BY ctid), '') FROM {table}")).Append('\n');
        return versions.ToString();
    }

    /// <summary>What the catalogue says, without numbers that depend on the order of arrival.</summary>
    public async Task<string> ContentAsync() => await ValueAsync<string>(
        """
        SELECT string_agg(concat_ws('|', repo_id, hub_id, task.name, library.name, license.key, class, basis, conflict, gating, state, created_at, modified_at, parameters, observed_at,
            downloads, likes, trending, seen_on, convert_from(json, 'UTF8'), (SELECT string_agg(base_repo_id || relation, ',' ORDER BY base_repo_id) FROM model_base WHERE model_id = model.id)), E'\n' ORDER BY repo_id)
        FROM model LEFT JOIN term task ON task.id = task_id LEFT JOIN term library ON library.id = library_id LEFT JOIN license ON license.id = license_id
            JOIN model_counters ON model_counters.model_id = model.id JOIN model_facts ON model_facts.model_id = model.id
        """);

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        if (!_altered)
        {
            // Whatever a test has written: the changes that are kept apart are those that the verdicts tell.
            Assert.Equal(0, await ValueAsync<long>("SELECT count(*) FROM verdict_step AS step FULL JOIN verdict_change AS kept USING (verdict_id) WHERE coalesce(step.parts, 0) <> coalesce(kept.parts, 0) OR kept.before_id IS DISTINCT FROM step.before_id AND step.parts <> 0"));
            await DoAsync($"TRUNCATE crawl_cursor, {string.Join(", ", Tables)} RESTART IDENTITY CASCADE");
            Free.Add(_connectionString);
        }
        await Database.DisposeAsync();
    }
}
