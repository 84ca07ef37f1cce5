using Npgsql;

namespace ModelAtlas.Web.Health;

/// <summary>Knows from second to second whether the database answers, so that a visitor never waits to learn that it does not; keeps the shared clock by the way.</summary>
internal sealed partial class DatabaseWatch(string connectionString, NpgsqlDataSource source, SharedClock clock, ILogger<DatabaseWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3); // for silence; a refusal is believed at once

    private readonly SemaphoreSlim _doubt = new(0, 1);
    private volatile CancellationTokenSource _away = new();

    public bool IsAway => _away.IsCancellationRequested;

    /// <summary>Cancelled when the database goes away: for requests that wait for its answer.</summary>
    public CancellationToken WhenAway => _away.Token;

    /// <summary>Somebody met a broken connection: look now.</summary>
    public void Doubt()
    {
        if (_doubt.CurrentCount == 0)
            try
            {
                _doubt.Release();
            }
            catch (SemaphoreFullException)
            {
                // someone else doubted at the same moment
            }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var alone = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 2, CommandTimeout = 2 }.ConnectionString;
        NpgsqlConnection? connection = null;
        var said = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (connection is null)
                {
                    connection = new(alone);
                    await connection.OpenAsync(CancellationToken.None).WaitAsync(Patience, stoppingToken);
                }
                // Without a token: to cancel a command, Npgsql asks the server to, and waits for it, which is no use with a frozen one.
                await clock.AskAsync(connection, CancellationToken.None).WaitAsync(Patience, stoppingToken);
                if (IsAway) Return();
                if (clock.Ahead != said) LogAhead(Math.Round((said = clock.Ahead).TotalSeconds));
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                GiveUp(connection);
                connection = null; // it answers, if only to say that it is full
                if (IsAway) Return();
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                GiveUp(connection);
                connection = null;
                if (!IsAway) Leave(failure);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            await ((Task)_doubt.WaitAsync(Pause, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        GiveUp(connection);
    }

    /// <summary>Closing may take as long as the server's silence, so nobody waits for it.</summary>
    private static void GiveUp(NpgsqlConnection? connection)
    {
        if (connection is not null) _ = Task.Run(async () => await connection.DisposeAsync());
    }

    private void Leave(Exception failure)
    {
        LogAway(failure.Message);
        _ = _away.CancelAsync(); // known at once; the requests it wakes may take their time
    }

    private void Return()
    {
        source.Clear(); // connections of before the outage would each fail once
        _away = new();
        LogBack();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer ({Reason}): pages say so until it is back")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database answers again")]
    private partial void LogBack();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock of the database is {Seconds} s ahead of this machine's, and is the one that counts: set both right, with NTP for example")]
    private partial void LogAhead(double seconds);
}
