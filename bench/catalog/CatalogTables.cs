using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Bench.Catalog;

/// <summary>Fills the product's own tables by binary COPY.</summary>
internal static class CatalogTables
{
    private static readonly DateTime Observed = new(2026, 8, 31, 0, 0, 0, DateTimeKind.Utc);

    public static async Task FillAsync(NpgsqlDataSource database, HubShape hub)
    {
        await CopyAsync(database, "term (id, kind, name)", hub.Terms(), (copy, term) =>
        {
            copy.Write(term.Number, NpgsqlDbType.Integer);
            copy.Write((short)term.Kind, NpgsqlDbType.Smallint);
            copy.Write(term.Name, NpgsqlDbType.Text);
        });
        await CopyAsync(database, "license (id, key, name, spdx_id, license_class, known)", HubShape.Licenses(), (copy, license) =>
        {
            copy.Write(license.Id, NpgsqlDbType.Integer);
            copy.Write(license.Key, NpgsqlDbType.Text);
            copy.Write(license.Name, NpgsqlDbType.Text);
            copy.Write(license.SpdxId, NpgsqlDbType.Text);
            copy.Write(license.LicenseClass, NpgsqlDbType.Text);
            copy.Write(license.Known, NpgsqlDbType.Boolean);
        });
        await CopyAsync(database,
            "model (id, repo_id, author_id, task_id, library_id, language_ids, tag_ids, license_id, class, basis, rung, conflict, weights_level, license_level, code_level, data_level, rule_version, verdict_hash, gating, state, created_at, modified_at, parameters, context_length, summary, observed_at, source, observation_hash)",
            hub.Rows(), WriteModel);
        await CopyAsync(database, "model_counters (model_id, downloads, likes, trending, seen_on)", hub.Rows(), (copy, row) =>
        {
            copy.Write(row.Id, NpgsqlDbType.Integer);
            copy.Write(row.Downloads, NpgsqlDbType.Bigint);
            copy.Write(row.Likes, NpgsqlDbType.Integer);
            copy.Write(row.Trending, NpgsqlDbType.Integer);
            copy.Write(DateOnly.FromDateTime(Observed), NpgsqlDbType.Date);
        });
        await CopyAsync(database, "model_base (model_id, base_repo_id, relation)", hub.Rows().Where(row => row.Relation is not null), (copy, row) =>
        {
            copy.Write(row.Id, NpgsqlDbType.Integer);
            copy.Write($"base/{row.Id / 100}", NpgsqlDbType.Text);
            copy.Write(row.Relation, NpgsqlDbType.Smallint);
        });
        foreach (var sequence in new[] { "SELECT setval(pg_get_serial_sequence('model', 'id'), (SELECT max(id) FROM model))", "VACUUM (ANALYZE)" })
        {
            await using var command = database.CreateCommand(sequence);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync();
        }
    }

    private static void WriteModel(NpgsqlBinaryImporter copy, HubRow row)
    {
        copy.Write(row.Id, NpgsqlDbType.Integer);
        copy.Write(row.Name, NpgsqlDbType.Text);
        copy.Write(row.Author, NpgsqlDbType.Integer);
        copy.Write(row.Task, NpgsqlDbType.Integer);
        copy.Write(row.Library, NpgsqlDbType.Integer);
        copy.Write(row.Languages, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        copy.Write(row.Tags, NpgsqlDbType.Array | NpgsqlDbType.Integer);
        copy.Write(row.License, NpgsqlDbType.Integer);
        copy.Write(row.Class, NpgsqlDbType.Smallint);
        copy.Write(row.Basis, NpgsqlDbType.Smallint);
        copy.Write(row.Rung, NpgsqlDbType.Smallint);
        copy.Write(row.Conflict, NpgsqlDbType.Boolean);
        copy.Write((short)row.WeightsLevel, NpgsqlDbType.Smallint);
        copy.Write((short)row.LicenseLevel, NpgsqlDbType.Smallint);
        copy.Write((short)row.CodeLevel, NpgsqlDbType.Smallint);
        copy.Write((short)row.DataLevel, NpgsqlDbType.Smallint);
        copy.Write("bench", NpgsqlDbType.Text);
        copy.Write(0L, NpgsqlDbType.Bigint);
        copy.Write(row.Gating, NpgsqlDbType.Smallint);
        copy.Write((short)RepoState.Listed, NpgsqlDbType.Smallint);
        copy.Write(row.Created, NpgsqlDbType.TimestampTz);
        copy.Write(row.Updated, NpgsqlDbType.TimestampTz);
        copy.Write(row.Parameters, NpgsqlDbType.Bigint);
        copy.Write(row.ContextLength, NpgsqlDbType.Integer);
        copy.Write(row.Summary, NpgsqlDbType.Text);
        copy.Write(Observed, NpgsqlDbType.TimestampTz);
        copy.Write("bench", NpgsqlDbType.Text);
        copy.Write(0L, NpgsqlDbType.Bigint);
    }

    private static async Task CopyAsync<T>(NpgsqlDataSource database, string table, IEnumerable<T> rows, Action<NpgsqlBinaryImporter, T> write)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT binary)");
        copy.Timeout = TimeSpan.FromHours(1);
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            write(copy, row);
        }
        await copy.CompleteAsync();
    }
}
