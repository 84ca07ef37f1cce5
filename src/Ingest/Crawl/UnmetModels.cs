using ModelAtlas.Domain.Catalog;
using Npgsql;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Models that the hub once listed and that a full crawl did not meet again. What only files have told us of was never the hub's to miss.</summary>
internal sealed class UnmetModels(NpgsqlDataSource database)
{
    private const string Known = "FROM model JOIN model_counters ON model_id = model.id WHERE state = 0 AND source = @source AND hub_id IS NOT NULL";

    /// <summary>How many models the hub is known to list, and how many of them were not met since <paramref name="day"/>.</summary>
    public async Task<(long Known, long Unmet)> CountAsync(string source, DateOnly day, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT count(*), count(*) FILTER (WHERE seen_on < @day) {Known}");
        command.Parameters.AddWithValue("source", source);
        command.Parameters.AddWithValue("day", day);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    public async Task<IReadOnlyList<UnmetModel>> NextAsync(string source, DateOnly day, int after, int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT id, repo_id, hub_id {Known} AND seen_on < @day AND id > @after ORDER BY id LIMIT @count");
        command.Parameters.AddWithValue("source", source);
        command.Parameters.AddWithValue("day", day);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("count", count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<UnmetModel>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    /// <summary>Null when there is no model of this name that the hub is known to have had.</summary>
    public async Task<UnmetModel?> FindAsync(string repoId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id, repo_id, hub_id FROM model WHERE repo_id = @name AND hub_id IS NOT NULL");
        command.Parameters.AddWithValue("name", repoId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)) : null;
    }
}

internal sealed record UnmetModel(int Id, string RepoId, string HubId);
