using ModelAtlas.Domain.Catalog;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Keeps what the catalogue counts today, so that it can be told later how it was. Once more on the same day takes the place of what was counted before; an empty catalogue counts nothing.</summary>
public sealed class CountDayJob(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM catalog_day WHERE day = $1 AND EXISTS (SELECT FROM model)") { Parameters = { new() { Value = today } } },
                new(
                    """
                    INSERT INTO catalog_day (day, class, models, established, conflicts)
                    SELECT $1, coalesce(class, 0), count(*), count(*) FILTER (WHERE basis <> $2), count(*) FILTER (WHERE conflict) FROM model GROUP BY coalesce(class, 0)
                    ON CONFLICT (day, class) DO UPDATE SET models = excluded.models, established = excluded.established, conflicts = excluded.conflicts
                    """)
                { Parameters = { new() { Value = today }, new() { Value = (short)Basis.NotEstablished } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken); // one transaction
    }
}
