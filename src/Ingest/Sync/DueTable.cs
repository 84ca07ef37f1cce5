using ModelAtlas.Domain.Lineage;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Models that are to be judged again because a base or a dataset of theirs has changed. Whoever changes one adds them in the same transaction; each stands here once, however much changes.</summary>
internal static class DueTable
{
    /// <summary>The models made from these ones, but for those that were judged just now.</summary>
    /// <param name="names">What the bases are, were and are no longer called.</param>
    public static async Task AddAsync(
        NpgsqlConnection connection, IReadOnlyCollection<int> bases, IEnumerable<string> names, IReadOnlyCollection<int> judged, CancellationToken cancellationToken)
    {
        string[] keys = [.. names.SelectMany(Keys).Distinct(StringComparer.Ordinal)];
        if (keys.Length == 0 && bases.Count == 0) return;
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO model_due (model_id)
            SELECT model_id FROM model_base WHERE base_key = ANY($1) AND NOT model_id = ANY($3)
            UNION
            SELECT model_id FROM model_base WHERE base_model_id = ANY($2) AND NOT model_id = ANY($3)
            ON CONFLICT DO NOTHING
            """,
            connection)
        {
            Parameters =
            {
                Column(keys, NpgsqlDbType.Text, key => key),
                Column(bases, NpgsqlDbType.Integer, id => id),
                Column(judged, NpgsqlDbType.Integer, id => id),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The models that name these datasets.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyCollection<string> datasets, CancellationToken cancellationToken)
    {
        if (datasets.Count == 0) return;
        await using var command = new NpgsqlCommand(
            "INSERT INTO model_due (model_id) SELECT DISTINCT model_id FROM model_dataset WHERE dataset_key = ANY($1) ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { Column(datasets, NpgsqlDbType.Text, id => id.ToLowerInvariant()) },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<List<int>> NextAsync(NpgsqlConnection connection, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT model_id FROM model_due ORDER BY model_id LIMIT $1", connection) { Parameters = { new() { Value = most } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<int>();
        while (await rows.ReadAsync(cancellationToken)) due.Add(rows.GetInt32(0));
        return due;
    }

    public static async Task RemoveAsync(NpgsqlConnection connection, IReadOnlyCollection<int> judged, CancellationToken cancellationToken)
    {
        if (judged.Count == 0) return;
        await using var command = new NpgsqlCommand("DELETE FROM model_due WHERE model_id = ANY($1)", connection) { Parameters = { Column(judged, NpgsqlDbType.Integer, id => id) } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What <c>model_base.base_key</c> holds for a base of this name.</summary>
    public static string KeyOf(string named) => named.Contains('/', StringComparison.Ordinal) ? named.ToLowerInvariant() : ModelNames.Spoken(named);

    /// <summary>The keys under which models name this one: its id, and the words by which prose may mean it.</summary>
    private static IEnumerable<string> Keys(string id) => id.Contains('/', StringComparison.Ordinal) ? [KeyOf(id), .. ModelNames.SpokenOf(id)] : ModelNames.SpokenOf(id);
}
