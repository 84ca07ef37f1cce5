using System.IO.Hashing;
using System.Text;
using Npgsql;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>One crawler per source over all processes. PostgreSQL holds the lock as long as the connection lives, so a killed crawler frees it at once.</summary>
internal sealed class CrawlLock(NpgsqlDataSource database)
{
    /// <summary>Null when another one is at it.</summary>
    public async Task<CrawlTurn?> TryTakeAsync(string source, CancellationToken cancellationToken)
    {
        var key = unchecked((long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"crawl {source}")));
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
            if (await command.ExecuteScalarAsync(cancellationToken) is true) return new(connection, key);
            await connection.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}

internal sealed class CrawlTurn(NpgsqlConnection connection, long key) : IAsyncDisposable
{
    /// <summary>False when the connection broke and with it the lock.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            return await command.ExecuteScalarAsync(cancellationToken) is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = key } } };
            await command.ExecuteScalarAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }
        await connection.DisposeAsync();
    }
}
