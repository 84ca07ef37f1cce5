using System.IO.Hashing;
using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Merges datasets into their table: the newer row stands, an older one fills what it left open.</summary>
internal static class DatasetTable
{
    public static async Task<PageResult> WriteAsync(
        NpgsqlConnection connection, string source, DateTime at, IReadOnlyList<HubDataset> datasets, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(connection, datasets, cancellationToken);
        var before = stored.ToDictionary(row => row.Id);
        var (result, written, gone) = (PageResult.None, new Dictionary<string, CatalogDataset>(StringComparer.Ordinal), new HashSet<int>());
        foreach (var dataset in datasets.OrderBy(row => row.LastModified ?? DateTime.MinValue))
        {
            var named = stored.Find(known => known.RepoId == dataset.Id);
            var known = stored.Find(known => known.HubId is not null && known.HubId == dataset.HubId) ?? named;
            var row = ToRow(dataset, known, source, at);
            if (known is null) (result, stored) = (result + PageResult.OneStored, [.. stored, written[row.RepoId] = row]);
            else if (Merge(known, row) is { } merged)
            {
                // Another row that held this name is an earlier sight of the same dataset, or of one that lost the name.
                if (merged.RepoId == row.RepoId && named is not null && named != known) gone.Add(named.Id);
                written.Remove(known.RepoId);
                written[merged.RepoId] = merged;
                stored = [.. stored.Where(other => other != known && (other != named || merged.RepoId != row.RepoId)), merged];
                result += PageResult.OneMerged;
            }
            else result += PageResult.OneUnchanged;
        }
        if (gone.Count > 0) await DeleteAsync(connection, gone, cancellationToken);
        await SaveAsync(connection, [.. written.Values], cancellationToken);
        await DueTable.AddAsync(connection, [.. written.Values.Where(row => !before.TryGetValue(row.Id, out var known) || !TellsTheSame(known, row)).Select(row => row.RepoId)], cancellationToken);
        return result;
    }

    /// <summary>What the catalogue knows of these datasets, by id without letter case.</summary>
    public static async Task<Dictionary<string, HubDataset>> KnownAsync(NpgsqlConnection connection, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, HubDataset>(StringComparer.OrdinalIgnoreCase);
        if (ids.Count == 0) return known;
        await using var command = new NpgsqlCommand("SELECT repo_id, licenses, gating, state FROM dataset WHERE lower(repo_id) = ANY($1)", connection)
        {
            Parameters = { Column(ids, NpgsqlDbType.Text, id => id.ToLowerInvariant()) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (gating, state) = ((Gating)reader.GetInt16(2), (RepoState)reader.GetInt16(3));
            known[reader.GetString(0)] = new()
            {
                Id = reader.GetString(0),
                License = reader.GetFieldValue<string[]>(1),
                Gated = gating == Gating.Unknown ? null : gating,
                Disabled = state == RepoState.Disabled,
                Private = state is not (RepoState.Disabled or RepoState.Listed),
            };
        }
        return known;
    }

    /// <summary>True when no model that names the dataset is judged otherwise for it.</summary>
    private static bool TellsTheSame(CatalogDataset left, CatalogDataset right) =>
        (left.RepoId, left.Gating, left.State) == (right.RepoId, right.Gating, right.State) && left.Licenses.SequenceEqual(right.Licenses);

    /// <summary>Null when there is nothing to write. A row that is found as it was moves its date once a day, so that one that is no longer met can be told.</summary>
    private static CatalogDataset? Merge(CatalogDataset known, CatalogDataset row)
    {
        var (newer, older) = row.ObservedAt >= known.ObservedAt ? (row, known) : (known, row);
        if (known.ObservationHash == row.ObservationHash && (newer == known || (known.Downloads, known.Likes, known.ObservedAt.Date) == (row.Downloads, row.Likes, row.ObservedAt.Date))) return null;
        var merged = new CatalogDataset
        {
            Id = known.Id,
            HubId = newer.HubId ?? older.HubId,
            RepoId = newer.RepoId,
            Licenses = newer.Licenses is [] ? older.Licenses : newer.Licenses,
            Gating = newer.Gating == Gating.Unknown ? older.Gating : newer.Gating,
            State = newer.State,
            Downloads = newer.Downloads,
            Likes = newer.Likes,
            CreatedAt = newer.CreatedAt ?? older.CreatedAt,
            ModifiedAt = newer.ModifiedAt ?? older.ModifiedAt,
            ObservedAt = newer.ObservedAt,
            Source = newer.Source,
            ObservationHash = newer.ObservationHash,
        };
        return Same(merged, known) ? null : merged;
    }

    private static bool Same(CatalogDataset left, CatalogDataset right) =>
        (left.HubId, left.RepoId, left.Gating, left.State, left.Downloads, left.Likes, left.CreatedAt, left.ModifiedAt, left.ObservedAt, left.ObservationHash)
        == (right.HubId, right.RepoId, right.Gating, right.State, right.Downloads, right.Likes, right.CreatedAt, right.ModifiedAt, right.ObservedAt, right.ObservationHash)
        && left.Licenses.SequenceEqual(right.Licenses);

    private static CatalogDataset ToRow(HubDataset dataset, CatalogDataset? known, string source, DateTime at) => new()
    {
        HubId = dataset.HubId,
        RepoId = dataset.Id,
        Licenses = [.. dataset.Licenses],
        Gating = dataset.Gated ?? Gating.Unknown,
        State = dataset switch
        {
            { Withdrawn: true } => RepoState.Withdrawn,
            { Removed: true } => RepoState.Gone,
            { Disabled: true } => RepoState.Disabled,
            { Private: true } => RepoState.Private,
            _ => RepoState.Listed,
        },
        Downloads = dataset.Downloads ?? known?.Downloads ?? 0,
        Likes = (int)Math.Min(dataset.Likes ?? known?.Likes ?? 0, int.MaxValue),
        CreatedAt = dataset.CreatedAt,
        ModifiedAt = dataset.LastModified,
        ObservedAt = at,
        Source = source,
        ObservationHash = unchecked((long)XxHash64.HashToUInt64(HubDatasetWriter.Write(dataset with { Downloads = null, Likes = null }))),
    };

    private static async Task<List<CatalogDataset>> FindAsync(NpgsqlConnection connection, IReadOnlyList<HubDataset> datasets, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT id, hub_id, repo_id, licenses, gating, state, downloads, likes, created_at, modified_at, observed_at, source, observation_hash FROM dataset
            WHERE repo_id = ANY($1) OR hub_id = ANY($2)
            """,
            connection)
        {
            Parameters =
            {
                Column(datasets, NpgsqlDbType.Text, row => row.Id),
                Column([.. datasets.Select(row => row.HubId).OfType<string>()], NpgsqlDbType.Text, (string id) => id),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<CatalogDataset>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new()
            {
                Id = reader.GetInt32(0),
                HubId = reader.IsDBNull(1) ? null : reader.GetString(1),
                RepoId = reader.GetString(2),
                Licenses = reader.GetFieldValue<string[]>(3),
                Gating = (Gating)reader.GetInt16(4),
                State = (RepoState)reader.GetInt16(5),
                Downloads = reader.GetInt64(6),
                Likes = reader.GetInt32(7),
                CreatedAt = reader.IsDBNull(8) ? null : reader.GetDateTime(8),
                ModifiedAt = reader.IsDBNull(9) ? null : reader.GetDateTime(9),
                ObservedAt = reader.GetDateTime(10),
                Source = reader.GetString(11),
                ObservationHash = reader.GetInt64(12),
            });
        }
        return rows;
    }

    private static async Task DeleteAsync(NpgsqlConnection connection, HashSet<int> ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("DELETE FROM dataset WHERE id = ANY($1)", connection) { Parameters = { Column(ids, NpgsqlDbType.Integer, id => id) } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<CatalogDataset> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        List<CatalogDataset> added = [.. rows.Where(row => row.Id == 0)], changed = [.. rows.Where(row => row.Id != 0)];
        const string Columns = "hub_id, repo_id, licenses, gating, state, downloads, likes, created_at, modified_at, observed_at, source, observation_hash";
        const string Licenses = "ARRAY(SELECT jsonb_array_elements_text(row.licenses::jsonb))";
        if (added is not [])
            batch.BatchCommands.Add(Command(
                $"""
                INSERT INTO dataset ({Columns})
                SELECT hub_id, repo_id, {Licenses}, gating, state, downloads, likes, created_at, modified_at, observed_at, source, observation_hash
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS row(id, {Columns})
                """,
                ColumnsOf(added)));
        if (changed is not [])
            batch.BatchCommands.Add(Command(
                $"""
                UPDATE dataset SET hub_id = row.hub_id, repo_id = row.repo_id, licenses = {Licenses}, gating = row.gating, state = row.state, downloads = row.downloads,
                    likes = row.likes, created_at = row.created_at, modified_at = row.modified_at, observed_at = row.observed_at, source = row.source, observation_hash = row.observation_hash
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS row(id, {Columns}) WHERE dataset.id = row.id
                """,
                ColumnsOf(changed)));
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter[] ColumnsOf(List<CatalogDataset> rows) =>
    [
        Column(rows, NpgsqlDbType.Integer, row => row.Id),
        Column(rows, NpgsqlDbType.Text, row => row.HubId),
        Column(rows, NpgsqlDbType.Text, row => row.RepoId),
        Column(rows, NpgsqlDbType.Text, row => JsonSerializer.Serialize(row.Licenses)),
        Column(rows, NpgsqlDbType.Smallint, row => (short)row.Gating),
        Column(rows, NpgsqlDbType.Smallint, row => (short)row.State),
        Column(rows, NpgsqlDbType.Bigint, row => row.Downloads),
        Column(rows, NpgsqlDbType.Integer, row => row.Likes),
        Column(rows, NpgsqlDbType.TimestampTz, row => row.CreatedAt),
        Column(rows, NpgsqlDbType.TimestampTz, row => row.ModifiedAt),
        Column(rows, NpgsqlDbType.TimestampTz, row => row.ObservedAt),
        Column(rows, NpgsqlDbType.Text, row => row.Source),
        Column(rows, NpgsqlDbType.Bigint, row => row.ObservationHash),
    ];
}
