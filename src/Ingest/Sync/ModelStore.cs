using ModelAtlas.Domain.Catalog;
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

    /// <summary>The rows that hold just what these observations say: what a page mostly consists of when it was read before. Found by name and hash, without reading any facts.</summary>
    public static async Task<Dictionary<IncomingModel, StoredModel>> FindSameAsync(NpgsqlConnection connection, IReadOnlyList<IncomingModel> incoming, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT asked.number::int, model.id, observed_at, downloads, likes, trending, seen_on
            FROM unnest($1, $2, $3) WITH ORDINALITY AS asked(repo_id, hub_id, hash, number)
            JOIN model ON model.repo_id = asked.repo_id AND observation_hash = asked.hash AND (asked.hub_id IS NULL OR model.hub_id = asked.hub_id)
            JOIN model_counters ON model_id = model.id
            """,
            connection)
        {
            Parameters =
            {
                Column(incoming, NpgsqlDbType.Text, model => model.Model.Id),
                Column(incoming, NpgsqlDbType.Text, model => model.Model.HubId),
                Column(incoming, NpgsqlDbType.Bigint, model => model.Hash),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var same = new Dictionary<IncomingModel, StoredModel>(incoming.Count, ReferenceEqualityComparer.Instance);
        while (await reader.ReadAsync(cancellationToken))
        {
            var seen = incoming[reader.GetInt32(0) - 1];
            same[seen] = new(seen.Model.Id) { Id = reader.GetInt32(1), ObservedAt = reader.GetDateTime(2), Counters = Counters(reader, reader.GetInt32(1), 3) };
        }
        return same;
    }

    public static async Task<PageMerge> FindAsync(NpgsqlConnection connection, string source, IReadOnlyList<IncomingModel> incoming, CancellationToken cancellationToken)
    {
        string[] names = [.. incoming.Select(model => model.Model.Id), .. incoming.Select(model => model.OldId).OfType<string>()];
        string[] hubIds = [.. incoming.Select(model => model.Model.HubId).OfType<string>()];
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("SELECT alias, model_id FROM model_alias WHERE alias = ANY($1)", Column(names, NpgsqlDbType.Text, name => name)));
        batch.BatchCommands.Add(Command(
            $"""
            {Row} WHERE model.id IN (
                SELECT id FROM model WHERE repo_id = ANY($1) UNION SELECT id FROM model WHERE hub_id = ANY($2) UNION SELECT model_id FROM model_alias WHERE alias = ANY($1))
            """,
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
        Counters = reader.IsDBNull(8) ? null : Counters(reader, reader.GetInt32(0), 8),
    };

    private static ModelCounters Counters(NpgsqlDataReader reader, int id, int first) => new()
    {
        ModelId = id,
        Downloads = reader.GetInt64(first),
        Likes = reader.GetInt32(first + 1),
        Trending = reader.GetInt32(first + 2),
        SeenOn = reader.GetFieldValue<DateOnly>(first + 3),
    };
}
