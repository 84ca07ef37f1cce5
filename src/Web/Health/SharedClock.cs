using Npgsql;

namespace ModelAtlas.Web.Health;

/// <summary>
/// The time of the database, which is one for all processes on it: a machine whose clock is an hour off neither writes what later news seem older than, nor takes news for old.
/// Spans and waits are measured on the machine, by a clock that only goes forward.
/// </summary>
internal sealed class SharedClock(TimeProvider machine) : TimeProvider
{
    /// <summary>Less than this is the way of the answer, not a clock that is wrong.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private long _ahead;

    /// <summary>How far the database is ahead of this machine.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Ahead;

    /// <summary>Before anything is written, so that nothing bears the time of a wrong clock.</summary>
    public async Task AskAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await AskAsync(connection, cancellationToken);
    }

    public async Task AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var asked = GetTimestamp();
        await using var ask = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        if (await ask.ExecuteScalarAsync(cancellationToken) is not DateTime there) return;
        var ahead = there + (GetElapsedTime(asked) / 2) - machine.GetUtcNow().UtcDateTime;
        if ((ahead - Ahead).Duration() <= Slack) return;
        if (ahead.Duration() <= Slack) ahead = TimeSpan.Zero;
        Interlocked.Exchange(ref _ahead, ahead.Ticks);
    }
}
