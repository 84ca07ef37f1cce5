using ModelAtlas.Ingest.HuggingFace;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Keeps the README of a model, the newest that was seen.</summary>
internal static class CardTable
{
    public static async Task WriteAsync(NpgsqlConnection connection, DateTime at, IReadOnlyList<HubCard> cards, CancellationToken cancellationToken)
    {
        var rows = cards.Select(card => card with { Id = LegacyIds.Resolve(card.Id) }).Reverse().DistinctBy(card => card.Id).ToList();
        if (rows is []) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO model_card (model_id, text, sha, observed_at)
            SELECT DISTINCT ON (model_id) model_id, text, sha, $1 FROM (
                SELECT model.id AS model_id, row.text, row.sha, 1 AS rank FROM unnest($2, $3, $4) AS row(id, text, sha) JOIN model ON repo_id = row.id
                UNION ALL
                SELECT model_id, row.text, row.sha, 2 FROM unnest($2, $3, $4) AS row(id, text, sha) JOIN model_alias ON alias = row.id) AS known
            ORDER BY model_id, rank
            ON CONFLICT (model_id) DO UPDATE SET text = excluded.text, sha = excluded.sha, observed_at = excluded.observed_at
            WHERE excluded.observed_at >= model_card.observed_at AND (excluded.text, excluded.sha, excluded.observed_at) IS DISTINCT FROM (model_card.text, model_card.sha, model_card.observed_at)
            """,
            new() { Value = at },
            Column(rows, NpgsqlDbType.Text, card => card.Id),
            Column(rows, NpgsqlDbType.Text, card => CleanText.Of(card.Text, 1_048_576)),
            Column(rows, NpgsqlDbType.Text, card => card.Sha)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
