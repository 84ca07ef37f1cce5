using ModelAtlas.Ingest.HuggingFace;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Reads the rows that a page concerns.</summary>
internal static class ModelStore
{
    private const string Row =
        """
        SELECT model.id, hub_id, repo_id, observed_at, source, observation_hash, verdict_hash, rule_version, downloads, likes, trending, seen_on, gift_hash
        FROM model LEFT JOIN model_counters ON model_id = model.id
        """;

    public static async Task<PageMerge> FindAsync(NpgsqlConnection connection, string source, IReadOnlyList<IncomingModel> incoming, CancellationToken cancellationToken)
    {
        string[] names = [.. incoming.Select(model => model.Model.Id), .. incoming.Select(model => model.OldId).OfType<string>()];
        string[] hubIds = [.. incoming.Select(model => model.Model.HubId).OfType<string>()];
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("SELECT alias, model_id FROM model_alias WHERE alias = ANY($1)", Column(names, NpgsqlDbType.Text, name => name)));
        batch.BatchCommands.Add(Command(
            $"{Row} WHERE repo_id = ANY($1) UNION {Row} WHERE hub_id = ANY($2) UNION {Row} WHERE model.id IN (SELECT model_id FROM model_alias WHERE alias = ANY($1))",
            Column(names, NpgsqlDbType.Text, name => name), Column(hubIds, NpgsqlDbType.Text, id => id)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var aliases = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken)) aliases[reader.GetString(0)] = reader.GetInt32(1);
        await reader.NextResultAsync(cancellationToken);
        var rows = new Dictionary<int, StoredModel>();
        while (await reader.ReadAsync(cancellationToken)) rows[reader.GetInt32(0)] = Read(reader);
        return new(source, rows.Values, aliases.Select(alias => KeyValuePair.Create(alias.Key, rows[alias.Value])));
    }

    /// <summary>The next rows that other rules have judged, with their facts.</summary>
    public static Task<List<StoredModel>> FindOutdatedAsync(NpgsqlConnection connection, string ruleVersion, int afterId, int most, CancellationToken cancellationToken) => LoadAsync(
        new NpgsqlCommand($"{Row} WHERE rule_version <> $1 AND model.id > $2 ORDER BY model.id LIMIT $3", connection)
        {
            Parameters = { new() { Value = ruleVersion }, new() { Value = afterId }, new() { Value = most } },
        },
        connection,
        cancellationToken);

    /// <summary>These rows, with their facts.</summary>
    public static async Task<List<StoredModel>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<int> ids, CancellationToken cancellationToken) => ids.Count == 0
        ? []
        : await LoadAsync(new NpgsqlCommand($"{Row} WHERE model.id = ANY($1) ORDER BY model.id", connection) { Parameters = { Column(ids, NpgsqlDbType.Integer, id => id) } }, connection, cancellationToken);

    private static async Task<List<StoredModel>> LoadAsync(NpgsqlCommand find, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = new List<StoredModel>();
        await using (find)
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken)) rows.Add(Read(reader));
        await LoadAsync(connection, rows, cancellationToken);
        return rows;
    }

    /// <summary>Facts and card of these rows.</summary>
    public static async Task LoadAsync(NpgsqlConnection connection, IReadOnlyCollection<StoredModel> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        var byId = rows.ToDictionary(row => row.Id);
        await using var command = new NpgsqlCommand("SELECT model_id, json FROM model_facts WHERE model_id = ANY($1)", connection)
        {
            Parameters = { Column(byId.Keys, NpgsqlDbType.Integer, id => id) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) byId[reader.GetInt32(0)].Load(reader.GetFieldValue<byte[]>(1));
        await reader.CloseAsync();
        foreach (var (id, card) in await CardTable.FindAsync(connection, byId.Keys, cancellationToken)) byId[id].Card = card;
        foreach (var row in rows.Where(row => row.Now is null)) row.Load(HubModelWriter.Write(new() { Id = row.RepoId }));
    }

    private static StoredModel Read(NpgsqlDataReader reader) => new(reader.GetString(2))
    {
        Id = reader.GetInt32(0),
        HubId = reader.IsDBNull(1) ? null : reader.GetString(1),
        ObservedAt = reader.GetDateTime(3),
        Source = reader.GetString(4),
        Hash = reader.GetInt64(5),
        VerdictHash = reader.GetInt64(6),
        RuleVersion = reader.GetString(7),
        GiftHash = reader.GetInt64(12),
        Counters = reader.IsDBNull(8)
            ? null
            : new()
            {
                ModelId = reader.GetInt32(0),
                Downloads = reader.GetInt64(8),
                Likes = reader.GetInt32(9),
                Trending = reader.GetInt32(10),
                SeenOn = reader.GetFieldValue<DateOnly>(11),
            },
    };
}
