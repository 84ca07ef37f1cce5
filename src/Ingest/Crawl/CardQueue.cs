using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.Sync;
using Npgsql;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>A model whose card is to be read.</summary>
/// <param name="License">Name of the licence file in its root, where its file list has one.</param>
internal sealed record UnreadCard(int Id, string RepoId, string? License);

/// <summary>Which cards are worth a request next: much used models before others, doubtful ones before settled ones, unseen ones before those that have changed since.</summary>
internal sealed class CardQueue(NpgsqlDataSource database)
{
    /// <summary>A conflict counts like twenty times the downloads, never having been looked at like seven times.</summary>
    private const string Order = "ln(greatest(downloads, 0) + 1) + CASE WHEN conflict THEN 3 ELSE 0 END + CASE WHEN visited_at IS NULL THEN 2 ELSE 0 END DESC, model.id";

    /// <param name="before">A card that was asked for later is not asked for again, however much its model has changed.</param>
    /// <param name="old">Asked for before that, it may have changed although nothing told us.</param>
    public async Task<List<UnreadCard>> NextAsync(DateTime before, DateTime old, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT model.id FROM model JOIN model_counters ON model_counters.model_id = model.id LEFT JOIN model_card_visit visit ON visit.model_id = model.id
            WHERE state = 0 AND repo_id NOT LIKE '\_/%' AND (visited_at IS NULL OR (visited_at < $1 AND modified_at > visited_at) OR visited_at < $2)
            ORDER BY {Order} LIMIT $3
            """,
            connection)
        {
            Parameters = { new() { Value = before }, new() { Value = old }, new() { Value = most } },
        };
        var ids = new List<int>();
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) ids.Add(rows.GetInt32(0));
        return await CardsAsync(connection, ids, cancellationToken);
    }

    /// <summary>The card of one model, however lately it was read.</summary>
    public async Task<UnreadCard?> FindAsync(string repoId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT id FROM model WHERE repo_id = $1 AND state = 0", connection) { Parameters = { new() { Value = repoId } } };
        return await command.ExecuteScalarAsync(cancellationToken) is int id ? (await CardsAsync(connection, [id], cancellationToken)).FirstOrDefault() : null;
    }

    private static async Task<List<UnreadCard>> CardsAsync(NpgsqlConnection connection, List<int> ids, CancellationToken cancellationToken)
    {
        var models = (await ModelStore.FindAsync(connection, ids, cancellationToken)).ToDictionary(row => row.Id);
        return [.. ids.Where(models.ContainsKey).Select(id => new UnreadCard(id, models[id].RepoId, LicenseOf(models[id])))];
    }

    public async Task VisitedAsync(int id, DateTime at, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("INSERT INTO model_card_visit (model_id, visited_at) VALUES ($1, $2) ON CONFLICT (model_id) DO UPDATE SET visited_at = excluded.visited_at");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = at });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string? LicenseOf(StoredModel row) => row.Now?.Model.Siblings?
        .Select(file => file.Path).Where(path => !path.Contains('/', StringComparison.Ordinal) && FileEvidence.IsLicense(path) && !FileEvidence.IsPolicy(path))
        .OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault();
}
