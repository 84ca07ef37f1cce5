using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Files;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <param name="Tried">Elements in quarantine whose bytes are whole.</param>
/// <param name="Taken">Of these, how many the catalogue has taken now.</param>
public sealed record ReplayResult(int Tried, int Taken);

/// <summary>Tries quarantined elements again, with a reader that may have learned since. Doing it twice changes nothing.</summary>
public sealed class QuarantineReplay(CatalogWriter catalog, NpgsqlDataSource database, TimeProvider clock)
{
    private const int SliceRows = 100;

    public async Task<ReplayResult> RunAsync(CancellationToken cancellationToken)
    {
        var (tried, taken, last) = (0, 0, 0L);
        while (await NextAsync(last, cancellationToken) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                tried++;
                if (await TakeAsync(row, cancellationToken)) taken++;
            }
            last = rows[^1].Id;
        }
        return new(tried, taken);
    }

    private async Task<bool> TakeAsync(QuarantinedRow row, CancellationToken cancellationToken)
    {
        var page = new ImportPage(row.Kind);
        page.Take(row.Raw, row.RawLength, row.Position);
        if (page.Unreadable.Count > 0) return false;
        var written = await catalog.WriteAsync(new(row.Source, row.ObservedAt, page.Models, page.Datasets, [], null) { Cards = page.Cards }, cancellationToken);
        if (written.Quarantined > 0) return false;
        await using var mark = database.CreateCommand("UPDATE quarantine SET replayed_at = $2 WHERE id = $1");
        mark.Parameters.Add(new() { Value = row.Id });
        mark.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        await mark.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private async Task<List<QuarantinedRow>> NextAsync(long after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id, source, kind, observed_at, position, reason, raw, raw_length FROM quarantine
            WHERE id > $1 AND replayed_at IS NULL AND raw_length = length(raw) ORDER BY id LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = SliceRows });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<QuarantinedRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new()
            {
                Id = reader.GetInt64(0),
                Source = reader.GetString(1),
                Kind = (ElementKind)reader.GetInt16(2),
                ObservedAt = reader.GetDateTime(3),
                Position = reader.GetString(4),
                Reason = reader.GetString(5),
                Raw = reader.GetFieldValue<byte[]>(6),
                RawLength = reader.GetInt64(7),
            });
        }
        return rows;
    }
}
