using Hangfire;
using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>The wishes for models, as rows that every process sees: whoever asks for one that is on its way shares the way.</summary>
public sealed class ShelfJobs(NpgsqlDataSource database, IBackgroundJobClient jobs, TimeProvider clock)
{
    private const int Shown = 200;
    private const string Row = "SELECT repo_id, state, done, total, step, complaint, asked_at, started_at, changed_at FROM shelf_job";

    /// <summary>Asks for a model; one that waits, comes or is here already is not asked for again.</summary>
    public async Task AskAsync(string repoId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO shelf_job (repo_id, state, done, total, asked_at, changed_at) VALUES ($1, $2, 0, 0, $3, $3)
            ON CONFLICT (repo_id) DO UPDATE SET state = $2, done = 0, step = NULL, complaint = NULL, asked_at = $3, started_at = NULL, changed_at = $3 WHERE shelf_job.state = ANY($4)
            """);
        command.Parameters.AddWithValue(repoId);
        command.Parameters.AddWithValue((short)ShelfState.Waiting);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        command.Parameters.AddWithValue(new[] { (short)ShelfState.Failed, (short)ShelfState.Cancelled, (short)ShelfState.Ready });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0) return;
        try
        {
            jobs.Enqueue<FetchModelJob>(job => job.RunAsync(repoId, CancellationToken.None));
        }
        catch
        {
            await MoveAsync(repoId, ShelfState.Failed, "Fetching could not be begun: try again.", [ShelfState.Waiting], CancellationToken.None); // nobody would ever come for it
            throw;
        }
    }

    /// <summary>Takes the wish back, whoever it was of.</summary>
    public Task CancelAsync(string repoId, CancellationToken cancellationToken) =>
        MoveAsync(repoId, ShelfState.Cancelled, null, [ShelfState.Waiting, ShelfState.Fetching], cancellationToken);

    public async Task<ShelfJob?> FindAsync(string repoId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Row} WHERE repo_id = $1");
        command.Parameters.AddWithValue(repoId);
        return await ReadAsync(command, cancellationToken) is [var job] ? job : null;
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<ShelfJob>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Row} ORDER BY asked_at DESC LIMIT {Shown}");
        return await ReadAsync(command, cancellationToken);
    }

    /// <returns>False when the job is no longer in one of the states <paramref name="from"/>: somebody has taken the wish back.</returns>
    internal async Task<bool> MoveAsync(string repoId, ShelfState to, string? complaint, ShelfState[] from, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE shelf_job SET state = $2, complaint = $3, changed_at = $4 WHERE repo_id = $1 AND state = ANY($5)");
        command.Parameters.AddWithValue(repoId);
        command.Parameters.AddWithValue((short)to);
        command.Parameters.Add(new() { Value = (object?)complaint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        command.Parameters.AddWithValue(Array.ConvertAll(from, state => (short)state));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>How far it is; another total is another stretch of work, whose time begins anew.</summary>
    /// <inheritdoc cref="MoveAsync"/>
    internal async Task<bool> TellAsync(string repoId, PullProgress progress, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE shelf_job SET done = $2, total = $3, step = $4, changed_at = $5, started_at = CASE WHEN total = $3 THEN coalesce(started_at, $5) ELSE $5 END WHERE repo_id = $1 AND state = $6");
        command.Parameters.AddWithValue(repoId);
        command.Parameters.AddWithValue(progress.Done);
        command.Parameters.AddWithValue(progress.Total);
        command.Parameters.AddWithValue(progress.Step);
        command.Parameters.AddWithValue(clock.GetUtcNow().UtcDateTime);
        command.Parameters.AddWithValue((short)ShelfState.Fetching);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static async Task<List<ShelfJob>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<ShelfJob>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(new()
            {
                RepoId = rows.GetString(0),
                State = (ShelfState)rows.GetInt16(1),
                Done = rows.GetInt64(2),
                Total = rows.GetInt64(3),
                Step = rows.IsDBNull(4) ? null : rows.GetString(4),
                Complaint = rows.IsDBNull(5) ? null : rows.GetString(5),
                AskedAt = rows.GetDateTime(6),
                StartedAt = rows.IsDBNull(7) ? null : rows.GetDateTime(7),
                ChangedAt = rows.GetDateTime(8),
            });
        }
        return found;
    }
}
