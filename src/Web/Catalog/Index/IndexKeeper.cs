using Npgsql;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Keeps the index near the database: changes within seconds, counters every few minutes. What takes long is done the less often.</summary>
internal sealed partial class IndexKeeper(CatalogIndex index, SnapshotLoader loader, TimeProvider clock, ILogger<IndexKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(20), CounterAge = TimeSpan.FromMinutes(3);
    private long _counted;
    private bool _isLate;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var start = clock.GetTimestamp();
            try
            {
                await RefreshAsync(stoppingToken);
                _isLate = false;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
            {
                if (!_isLate) LogLate(failure.Message);
                _isLate = true;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            var pause = clock.GetElapsedTime(start) * 5;
            await Task.Delay(pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var older = index.Current;
        var newer = older is null ? await loader.LoadAsync(cancellationToken) : await loader.ChangeAsync(older, cancellationToken);
        if (older is null) _counted = clock.GetTimestamp();
        else if (clock.GetElapsedTime(_counted) > CounterAge)
        {
            newer = await loader.RecountAsync(newer, cancellationToken);
            _counted = clock.GetTimestamp();
        }
        if (ReferenceEquals(older, newer)) return;
        index.Put(newer);
        var took = clock.GetElapsedTime(start);
        LogMade(newer.Live.Count, newer.Rev, took);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The catalogue index holds {Models} models up to change {Rev}, made in {Took}")]
    private partial void LogMade(int models, long rev, TimeSpan took);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalogue index is not up to date ({Reason}): trying again")]
    private partial void LogLate(string reason);
}
