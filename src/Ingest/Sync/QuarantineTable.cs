using System.IO.Hashing;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Keeps what could not be read, once each, with the reason and the bytes.</summary>
internal static class QuarantineTable
{
    public static async Task WriteAsync(
        NpgsqlConnection connection, string source, DateTime observedAt, IReadOnlyList<UnreadableElement> elements, DateTime now, CancellationToken cancellationToken)
    {
        var rows = elements.Select(element => (Element: element, Hash: HashOf(element))).DistinctBy(row => row.Hash).ToList();
        if (rows is []) return;
        await using var batch = new NpgsqlBatch(connection);
        // Seen again on the same day is nothing new.
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO quarantine (source, kind, observed_at, position, reason, raw, raw_length, content_hash, first_seen_at, last_seen_at)
            SELECT $1, kind, $2, position, reason, raw, raw_length, content_hash, $3, $3 FROM unnest($4, $5, $6, $7, $8, $9) AS row(kind, position, reason, raw, raw_length, content_hash)
            ON CONFLICT (source, content_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at, position = excluded.position, reason = excluded.reason, replayed_at = NULL
            WHERE quarantine.last_seen_at < excluded.last_seen_at - interval '1 day' OR quarantine.reason <> excluded.reason
            """,
            new() { Value = source },
            new() { Value = observedAt },
            new() { Value = now },
            Column(rows, NpgsqlDbType.Smallint, row => (short)row.Element.Kind),
            Column(rows, NpgsqlDbType.Text, row => CleanText.Of(row.Element.Position, HubLimits.PathLength)),
            Column(rows, NpgsqlDbType.Text, row => row.Element.Reason),
            Column(rows, NpgsqlDbType.Bytea, row => row.Element.Raw),
            Column(rows, NpgsqlDbType.Bigint, row => row.Element.RawLength),
            Column(rows, NpgsqlDbType.Bigint, row => row.Hash)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static long HashOf(UnreadableElement element) => unchecked((long)XxHash64.HashToUInt64(element.Raw, element.RawLength));
}
