using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Sync;
using Npgsql;

namespace ModelAtlas.Ingest.Files;

/// <summary>Remembers how far a file was taken in. A file that was read to its end begins anew: then there is nothing to write, and the numbers say so.</summary>
public sealed class ImportLedger(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<ImportRun> OpenAsync(ImportFile file, CancellationToken cancellationToken)
    {
        var fresh = new ImportRun(file.CursorSource, clock.GetUtcNow().UtcDateTime, 0, 0, PageResult.None);
        await using var command = database.CreateCommand("SELECT started_at, pages, read, stored, unchanged, quarantined FROM crawl_cursor WHERE source = $1 AND state = $2");
        command.Parameters.Add(new() { Value = file.CursorSource });
        command.Parameters.Add(new() { Value = (short)CrawlState.Running });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? fresh with
            {
                StartedAt = row.GetDateTime(0),
                Pages = row.GetInt32(1),
                Read = row.GetInt64(2),
                Written = new((int)row.GetInt64(3), 0, (int)row.GetInt64(4), (int)row.GetInt64(5)),
            }
            : fresh;
    }

    public async Task<IReadOnlyList<KeyValuePair<string, long>>> ReasonsAsync(ImportFile file, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT reason, count(*) FROM quarantine WHERE source = $1 AND replayed_at IS NULL GROUP BY reason ORDER BY 2 DESC, 1");
        command.Parameters.Add(new() { Value = file.Source });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var reasons = new List<KeyValuePair<string, long>>();
        while (await rows.ReadAsync(cancellationToken)) reasons.Add(new(rows.GetString(0), rows.GetInt64(1)));
        return reasons;
    }
}

/// <summary>One taking in of one file, over interruptions.</summary>
public sealed record ImportRun(string Source, DateTime StartedAt, int Pages, long Read, PageResult Written)
{
    internal ImportRun Add(int rows, PageResult written) => this with { Pages = Pages + 1, Read = Read + rows, Written = Written + written };

    /// <summary>The row that goes with the next page: place behind it, counts before it.</summary>
    internal CrawlCursor After(int rows, CrawlState state, TimeProvider clock) => new()
    {
        Source = Source,
        Cursor = state == CrawlState.Running ? (Read + rows).ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        State = state,
        StartedAt = StartedAt,
        HeartbeatAt = clock.GetUtcNow().UtcDateTime,
        FinishedAt = state == CrawlState.Running ? null : clock.GetUtcNow().UtcDateTime,
        Pages = Pages + (rows > 0 ? 1 : 0),
        Read = Read + rows,
        Stored = Written.Stored + Written.Merged,
        Unchanged = Written.Unchanged,
        Quarantined = Written.Quarantined,
    };
}
