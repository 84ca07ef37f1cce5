using ModelAtlas.Ingest.HuggingFace;
using Npgsql;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Repositories that the hub once listed and that a full crawl did not meet again. What only files have told us of was never the hub's to miss.</summary>
internal sealed class UnmetRepos(NpgsqlDataSource database)
{
    /// <summary>How many the hub is known to list, and how many of them were not met since <paramref name="day"/>.</summary>
    public async Task<(long Known, long Unmet)> CountAsync(CrawlPlan plan, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT count(*), count(*) FILTER (WHERE seen_on < @day) FROM {Known(plan.Kind)}");
        command.Parameters.AddWithValue("source", plan.RowSource);
        command.Parameters.AddWithValue("day", day);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    public async Task<IReadOnlyList<UnmetRepo>> NextAsync(CrawlPlan plan, DateOnly day, int after, int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT id, repo_id, hub_id FROM {Known(plan.Kind)} WHERE seen_on < @day AND id > @after ORDER BY id LIMIT @count");
        command.Parameters.AddWithValue("source", plan.RowSource);
        command.Parameters.AddWithValue("day", day);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("count", count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<UnmetRepo>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    /// <summary>Null when there is no model of this name that the hub is known to have had.</summary>
    public async Task<UnmetRepo?> FindModelAsync(string repoId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id, repo_id, hub_id FROM model WHERE repo_id = @name AND hub_id IS NOT NULL");
        command.Parameters.AddWithValue("name", repoId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)) : null;
    }

    /// <summary>A dataset that is met again moves its own date, a model that of its counters.</summary>
    private static string Known(HubRepoKind kind) => kind == HubRepoKind.Models
        ? "(SELECT id, repo_id, hub_id, seen_on FROM model JOIN model_counters ON model_id = model.id WHERE state = 0 AND source = @source AND hub_id IS NOT NULL) AS known"
        : "(SELECT id, repo_id, hub_id, (observed_at AT TIME ZONE 'UTC')::date AS seen_on FROM dataset WHERE state = 0 AND source = @source AND hub_id IS NOT NULL) AS known";
}

internal sealed record UnmetRepo(int Id, string RepoId, string HubId);
