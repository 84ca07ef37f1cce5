using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Rows that were not there before go in by binary COPY, a table at a time: nothing else is near as fast.</summary>
internal static class NewRows
{
    /// <summary>So many numbers of a table's key.</summary>
    public static async Task<Queue<int>> TakeIdsAsync(NpgsqlConnection connection, string table, int count, CancellationToken cancellationToken)
    {
        var ids = new Queue<int>(count);
        if (count == 0) return ids;
        await using var command = new NpgsqlCommand(
            "SELECT nextval(key.name)::int FROM (SELECT pg_get_serial_sequence($1, 'id')::regclass AS name OFFSET 0) AS key, generate_series(1, $2)", connection)
        {
            Parameters = { new() { Value = table }, new() { Value = count } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) ids.Enqueue(rows.GetInt32(0));
        return ids;
    }

    public static Task CountersAsync(NpgsqlConnection connection, IReadOnlyCollection<ModelCounters> counters, CancellationToken cancellationToken) => CopyAsync(
        connection, "model_counters (model_id, downloads, likes, trending, seen_on)", counters, (copy, row) =>
        {
            copy.Write(row.ModelId, NpgsqlDbType.Integer);
            copy.Write(row.Downloads, NpgsqlDbType.Bigint);
            copy.Write(row.Likes, NpgsqlDbType.Integer);
            copy.Write(row.Trending, NpgsqlDbType.Integer);
            copy.Write(row.SeenOn, NpgsqlDbType.Date);
        }, cancellationToken);

    public static Task FactsAsync(NpgsqlConnection connection, IReadOnlyCollection<ModelFacts> facts, CancellationToken cancellationToken) => CopyAsync(
        connection, "model_facts (model_id, json)", facts, (copy, row) =>
        {
            copy.Write(row.ModelId, NpgsqlDbType.Integer);
            copy.Write(row.Json, NpgsqlDbType.Bytea);
        }, cancellationToken);

    public static Task BasesAsync(NpgsqlConnection connection, IReadOnlyCollection<ModelBase> bases, CancellationToken cancellationToken) => CopyAsync(
        connection, "model_base (model_id, base_repo_id, relation, base_model_id, base_key)", bases, (copy, row) =>
        {
            copy.Write(row.ModelId, NpgsqlDbType.Integer);
            copy.Write(row.BaseRepoId, NpgsqlDbType.Text);
            copy.Write((short)row.Relation, NpgsqlDbType.Smallint);
            copy.Write(row.BaseModelId, NpgsqlDbType.Integer);
            copy.Write(row.BaseKey, NpgsqlDbType.Text);
        }, cancellationToken);

    public static Task DatasetsAsync(NpgsqlConnection connection, IReadOnlyCollection<ModelDataset> named, CancellationToken cancellationToken) => CopyAsync(
        connection, "model_dataset (model_id, dataset_key)", named, (copy, row) =>
        {
            copy.Write(row.ModelId, NpgsqlDbType.Integer);
            copy.Write(row.DatasetKey, NpgsqlDbType.Text);
        }, cancellationToken);

    /// <param name="document">Of the verdict, as it was written once for all that share it.</param>
    public static Task VerdictsAsync<TRow>(
        NpgsqlConnection connection, IReadOnlyCollection<TRow> judged, Func<TRow, CatalogVerdict> verdict, Func<TRow, byte[]> document, CancellationToken cancellationToken) => CopyAsync(
        connection, "verdict (model_id, class, basis, rung, license_id, rule_version, revision, observed_at, decided_at, document)", judged, (copy, model) =>
        {
            var row = verdict(model);
            copy.Write(row.ModelId, NpgsqlDbType.Integer);
            copy.Write((short?)row.Class, NpgsqlDbType.Smallint);
            copy.Write((short)row.Basis, NpgsqlDbType.Smallint);
            copy.Write((short?)row.Rung, NpgsqlDbType.Smallint);
            copy.Write(row.LicenseId, NpgsqlDbType.Integer);
            copy.Write(row.RuleVersion, NpgsqlDbType.Text);
            copy.Write(row.Revision, NpgsqlDbType.Text);
            copy.Write(row.ObservedAt, NpgsqlDbType.TimestampTz);
            copy.Write(row.DecidedAt, NpgsqlDbType.TimestampTz);
            copy.Write(document(model), NpgsqlDbType.Jsonb);
        }, cancellationToken);

    public static Task TermsAsync(NpgsqlConnection connection, IReadOnlyCollection<(int Id, TermKind Kind, string Name)> terms, CancellationToken cancellationToken) => CopyAsync(
        connection, "term (id, kind, name)", terms, (copy, term) =>
        {
            copy.Write(term.Id, NpgsqlDbType.Integer);
            copy.Write((short)term.Kind, NpgsqlDbType.Smallint);
            copy.Write(term.Name, NpgsqlDbType.Text);
        }, cancellationToken);

    private static async Task CopyAsync<TRow>(NpgsqlConnection connection, string columns, IReadOnlyCollection<TRow> rows, Action<NpgsqlBinaryImporter, TRow> write, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {columns} FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            write(copy, row);
        }
        await copy.CompleteAsync(cancellationToken);
    }
}
