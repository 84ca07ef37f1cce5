using System.Diagnostics.Metrics;
using Npgsql;

namespace ModelAtlas.Web.Jobs;

/// <summary>When the hub was last read to its end, looked at every minute; for the banner of pages and for whoever collects the meter <c>ModelAtlas.Ingest</c>.</summary>
internal sealed class CrawlFreshness(NpgsqlDataSource database, TimeProvider clock) : BackgroundService
{
    /// <summary>Changes are read every twenty minutes: a day without is more than a bad hour of the hub.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private readonly Meter _meter = new("ModelAtlas.Ingest");

    /// <summary>Null where no crawl has ever ended, as in a catalogue of files.</summary>
    public DateTime? LastRead { get; private set; }

    /// <summary>Set when nothing has been read for longer than the limit.</summary>
    public DateTime? StaleSince => LastRead is { } last && clock.GetUtcNow().UtcDateTime - last > Limit ? last : null;

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT max(finished_at) FROM crawl_cursor WHERE source IN ('hub/models/full', 'hub/models/recent') AND state = 2");
        LastRead = await command.ExecuteScalarAsync(cancellationToken) as DateTime?;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _meter.CreateObservableGauge("modelatlas.crawl.age", () => LastRead is { } last ? (clock.GetUtcNow().UtcDateTime - last).TotalSeconds : double.NaN, "s", "Since the hub was last read to its end");
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (NpgsqlException)
            {
                // The database is away, which pages say by themselves; what was known stands.
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }
}
