using ModelAtlas.Ingest.Extraction;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>The README of a row, and the licence file beside it: the newest that were seen.</summary>
/// <param name="IsNews">True when it is not the one in the table.</param>
internal sealed record StoredCard(string Text, string? Sha, RepoText? License, DateTime At, bool IsNews);

internal static class CardTable
{
    /// <summary>The cards of these rows as they are in the table.</summary>
    public static async Task<Dictionary<int, StoredCard>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<int> ids, CancellationToken cancellationToken)
    {
        var cards = new Dictionary<int, StoredCard>();
        if (ids.Count == 0) return cards;
        await using var command = new NpgsqlCommand("SELECT model_id, text, sha, license_path, license_text, observed_at FROM model_card WHERE model_id = ANY($1)", connection)
        {
            Parameters = { Column(ids, NpgsqlDbType.Integer, id => id) },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            cards[rows.GetInt32(0)] = new(
                rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.IsDBNull(3) ? null : new(rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4)), rows.GetDateTime(5), IsNews: false);
        return cards;
    }

    public static NpgsqlBatchCommand Write(IReadOnlyList<(int ModelId, StoredCard Card)> cards) => Command(
        """
        INSERT INTO model_card (model_id, text, sha, license_path, license_text, observed_at) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (model_id) DO UPDATE SET text = excluded.text, sha = excluded.sha, license_path = excluded.license_path, license_text = excluded.license_text, observed_at = excluded.observed_at
        """,
        Column(cards, NpgsqlDbType.Integer, row => row.ModelId),
        Column(cards, NpgsqlDbType.Text, row => row.Card.Text),
        Column(cards, NpgsqlDbType.Text, row => row.Card.Sha),
        Column(cards, NpgsqlDbType.Text, row => row.Card.License?.Path),
        Column(cards, NpgsqlDbType.Text, row => row.Card.License?.Text),
        Column(cards, NpgsqlDbType.TimestampTz, row => row.Card.At));
}
