using System.Globalization;
using ModelAtlas.Web.Catalog.Index;
using Npgsql;

namespace ModelAtlas.Bench.Catalog;

/// <summary>The same rows in one table of PostgreSQL with an index for every facet and order; text by pattern, as this product asked before it had its index.</summary>
internal static class PostgresRun
{
    private const string Table = """
        CREATE TABLE flat AS SELECT id, repo_id, split_part(repo_id, '/', 1) AS author, class, basis, license_id, task_id, library_id, gating, language_ids, tag_ids, parameters,
            created_at, modified_at, summary, downloads, likes, trending FROM model JOIN model_counters ON model_id = id ORDER BY id
        """;

    private static readonly string[] Indexes =
    [
        .. new[] { "class", "basis", "license_id", "task_id", "library_id", "gating", "author" }.Select(facet => $"CREATE INDEX ON flat ({facet}, downloads DESC NULLS LAST, id DESC)"),
        .. new[] { "downloads", "likes", "trending", "created_at", "modified_at", "parameters" }.Select(sort => $"CREATE INDEX ON flat ({sort} DESC NULLS LAST, id DESC)"),
        "CREATE INDEX ON flat USING gin (tag_ids)", "CREATE INDEX ON flat USING gin (language_ids)", "VACUUM (ANALYZE) flat",
    ];

    public static async Task<Figures> AskAsync(NpgsqlDataSource database, CatalogSnapshot index, IReadOnlyList<Question> questions, Report report)
    {
        await using var connection = await database.OpenConnectionAsync();
        await RunAsync(connection, "SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '64MB'; SET maintenance_work_mem = '512MB'");
        await using (var there = new NpgsqlCommand("SELECT to_regclass('flat') IS NOT NULL", connection))
            if (await there.ExecuteScalarAsync() is false)
                foreach (var step in Indexes.Prepend(Table)) await RunAsync(connection, step);
        var sql = new Sql(index,
            (column, number) => string.Create(CultureInfo.InvariantCulture, $"{column} @> ARRAY[{number}]"),
            word => $"repo_id ILIKE '%{word}%' OR summary ILIKE '%{word}%'",
            where => $"SELECT language, count(*) FROM flat, unnest(language_ids) AS language {where} GROUP BY language");
        var figures = new Figures();
        foreach (var question in questions)
        {
            var start = CpuClock.Of(connection.ProcessID);
            foreach (var query in new[] { sql.Page(question.View), sql.Facets(question.View), sql.Languages(question.View) }) await RunAsync(connection, query);
            figures.Add(CpuClock.Of(connection.ProcessID) - start);
        }
        report.Add("the same from plain PostgreSQL on the same rows, CPU of its process", "", figures.ToString());
        return figures;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) { }
    }
}
