using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Writes where a source was left, in the transaction of the rows that stand behind it.</summary>
internal static class CursorTable
{
    public static async Task WriteAsync(NpgsqlConnection connection, CrawlCursor cursor, PageResult page, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO crawl_cursor (source, cursor, state, started_at, heartbeat_at, finished_at, high_water, pages, read, stored, unchanged, quarantined, error)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (source) DO UPDATE SET cursor = $2, state = $3, started_at = $4, heartbeat_at = $5, finished_at = $6, high_water = $7,
                pages = $8, read = $9, stored = $10, unchanged = $11, quarantined = $12, error = $13
            """,
            connection);
        command.Parameters.Add(new() { Value = cursor.Source });
        command.Parameters.Add(Nullable(cursor.Cursor, NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = (short)cursor.State });
        command.Parameters.Add(new() { Value = cursor.StartedAt });
        command.Parameters.Add(new() { Value = cursor.HeartbeatAt });
        command.Parameters.Add(Nullable(cursor.FinishedAt, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Nullable(cursor.HighWater, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(new() { Value = cursor.Pages });
        command.Parameters.Add(new() { Value = cursor.Read });
        command.Parameters.Add(new() { Value = cursor.Stored + page.Stored + page.Merged });
        command.Parameters.Add(new() { Value = cursor.Unchanged + page.Unchanged });
        command.Parameters.Add(new() { Value = cursor.Quarantined + page.Quarantined });
        command.Parameters.Add(Nullable(cursor.Error is { } error ? HuggingFace.CleanText.Of(error, 1_000) : null, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
