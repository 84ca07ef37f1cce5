using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ModelAtlas.Domain.Data;
using ModelAtlas.Testing;
using ModelAtlas.Web.Accounts.Data;
using ModelAtlas.Web.Review.Data;
using Npgsql;

namespace ModelAtlas.Web.Tests.Hosting;

/// <summary>Every schema that this product ever had, in the order of time, with rows in its tables.</summary>
internal static class OldSchemas
{
    /// <summary>What is written once a step has made room for it.</summary>
    private static readonly Dictionary<string, string> Rows = new(StringComparer.Ordinal)
    {
        ["20261123235245_Initial"] =
            """
            INSERT INTO accounts.account (name, password_hash, role, created_at, stamp, failures, disabled) VALUES ('Ada', 'hash', 1, '2026-01-01', gen_random_uuid(), 2, false);
            INSERT INTO accounts.session (token_hash, account_id, stamp, created_at, expires_at) VALUES ('\x01', 1, gen_random_uuid(), '2026-01-01', '2027-01-01');
            INSERT INTO accounts.data_protection_key (friendly_name, xml) VALUES ('key', '<key/>')
            """,
        ["20261124003525_Initial"] =
            """
            INSERT INTO term (kind, name) VALUES (0, 'maker'), (1, 'text-generation');
            INSERT INTO license (key, name, license_class, known) VALUES ('mit', 'MIT', 'open', true);
            INSERT INTO model (hub_id, repo_id, author_id, language_ids, tag_ids, license_id, class, basis, conflict, rule_version, verdict_hash, gating, state, observed_at, source, observation_hash) VALUES
                ('65a', 'maker/Some_Model', 1, '{}', '{2}', 1, 2, 0, false, '1', 7, 0, 0, '2026-01-01', 'hub/models', 5), (NULL, 'maker/tuned', 1, '{}', '{}', NULL, NULL, 0, false, '1', 8, 0, 0, '2026-01-01', 'hub/models', 6);
            INSERT INTO model_counters (model_id, downloads, likes, trending, seen_on) VALUES (1, 10, 2, 0, '2026-01-02'), (2, 1, 0, 0, '2026-01-02');
            INSERT INTO model_facts (model_id, json) VALUES (1, convert_to('{"id":"maker/Some_Model","gguf":{"context_length":8192}}', 'UTF8')), (2, convert_to('{"id":"maker/tuned"}', 'UTF8'));
            INSERT INTO model_base (model_id, base_repo_id, relation) VALUES (2, 'maker/Some_Model', 1);
            INSERT INTO model_card (model_id, text, observed_at) VALUES (1, 'a card', '2026-01-01');
            INSERT INTO model_alias (alias, model_id, reason, since) VALUES ('maker/old', 1, 0, '2026-01-01');
            INSERT INTO verdict (model_id, class, basis, rule_version, observed_at, decided_at, document) VALUES (1, 2, 0, '1', '2026-01-01', '2026-01-01', '{"axes":{"weights":"public","license":"open"}}');
            INSERT INTO quarantine (source, kind, observed_at, position, reason, raw, raw_length, content_hash, first_seen_at, last_seen_at) VALUES ('x', 0, '2026-01-01', 'line 1', 'bad', '\x00', 1, 1, '2026-01-01', '2026-01-01');
            INSERT INTO dataset (repo_id, licenses, gating, state, downloads, likes, observed_at, source, observation_hash) VALUES ('maker/corpus', '{mit}', 0, 0, 1, 1, '2026-01-01', 'hub/datasets', 3);
            INSERT INTO crawl_cursor (source, state, started_at, heartbeat_at, pages, read, stored, unchanged, quarantined) VALUES ('hub/models/full', 2, '2026-01-01', '2026-01-01', 1, 2, 2, 0, 0)
            """,
        ["20261126205657_CodeRepositories"] = "INSERT INTO code_repository (url, paths, read_at) VALUES ('https://example.org/a', '{train.py}', '2026-01-01'); INSERT INTO model_code_visit (model_id, visited_at) VALUES (1, '2026-01-01')",
        ["20261126211647_CardVisits"] = "INSERT INTO model_card_visit (model_id, visited_at) VALUES (1, '2026-01-01')",
        ["20261126212318_ApiKeys"] = "INSERT INTO accounts.api_key (token_hash, account_id, prefix, name, created_at) VALUES ('\\x02', 1, 'ab', 'laptop', '2026-01-01')",
        ["20261126213201_Initial"] =
            "INSERT INTO review.audit (at, who, what, subject) VALUES ('2026-01-01', 'Ada', 'closed', 'maker/tuned'); INSERT INTO review.dispute (repo_id, subject, text, opened_at, state) VALUES ('maker/tuned', 0, 'not so', '2026-01-01', 0)",
        ["20261126213642_ShelfAndTerms"] =
            "INSERT INTO accepted_terms (person, license, at) VALUES ('Ada', 'llama3', '2026-01-01'); INSERT INTO shelf_job (repo_id, state, done, total, asked_at, changed_at) VALUES ('maker/tuned', 0, 1, 2, '2026-01-01', '2026-01-01')",
        ["20261126214045_PublishedRuns"] = "INSERT INTO published_run (id, owner, model, prompt, is_chat, document, created_at) VALUES ('r', 'Ada', 'maker/tuned', 'hello', false, '{}', '2026-01-01')",
        ["20261127002450_Overrides"] = "INSERT INTO review.override (repo_id, class, reason, made_by, made_at, expires_at) VALUES ('maker/tuned', 1, 'because', 'Ada', '2026-01-01', '2027-01-01')",
    };

    public static IReadOnlyList<string> Steps { get; } = [.. Contexts("Host=nowhere").SelectMany(db => db.Database.GetMigrations()).Order(StringComparer.Ordinal)];

    /// <summary>Takes the next step of the three schemas, and writes the rows that have room since.</summary>
    public static async Task StepAsync(string database, string step)
    {
        database += ";Pooling=false"; // so that it can be copied
        foreach (var db in Contexts(database))
            await using (db)
                if (db.Database.GetMigrations().Contains(step)) await db.GetService<IMigrator>().MigrateAsync(step, TestContext.Current.CancellationToken);
        if (Rows.TryGetValue(step, out var rows)) await ExecuteAsync(database, rows);
    }

    public static async Task<string> MakeAsync(PostgresFixture postgres, string last)
    {
        var database = await postgres.CreateBareDatabaseAsync();
        foreach (var step in Steps.TakeWhile(step => string.CompareOrdinal(step, last) <= 0)) await StepAsync(database, step);
        return database;
    }

    /// <summary>The rows of each table.</summary>
    public static async Task<Dictionary<string, List<JsonObject>>> ReadAsync(string database)
    {
        var content = new Dictionary<string, List<JsonObject>>(StringComparer.Ordinal);
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var table in await TextsAsync(connection, "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'accounts', 'review') AND tablename <> '__EFMigrationsHistory'"))
            content[table] = [.. (await TextsAsync(connection, $"SELECT to_jsonb(row)::text FROM {table} AS row")).Select(row => JsonNode.Parse(row)!.AsObject())];
        return content;
    }

    /// <summary>Columns, indexes and constraints, in one text.</summary>
    public static async Task<string> ShapeAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return string.Join('\n', await TextsAsync(
            connection,
            """
            SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, is_nullable, column_default, collation_name) FROM information_schema.columns WHERE table_schema IN ('public', 'accounts', 'review')
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'accounts', 'review')
            UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace::regnamespace::text IN ('public', 'accounts', 'review') AND contype <> 'n'
            ORDER BY 1
            """));
    }

    private static async Task<List<string>> TextsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) texts.Add(reader.GetString(0));
        return texts;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static DbContext[] Contexts(string database)
    {
        var (accounts, review) = (new DbContextOptionsBuilder<AccountsDbContext>(), new DbContextOptionsBuilder<ReviewDbContext>());
        AccountsDbContext.Configure(accounts, NpgsqlDataSource.Create(database));
        ReviewDbContext.Configure(review, NpgsqlDataSource.Create(database));
        return [new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(database).Options), new AccountsDbContext(accounts.Options), new ReviewDbContext(review.Options)];
    }
}
