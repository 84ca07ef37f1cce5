using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog.Index;
using Npgsql;

namespace ModelAtlas.Web.Catalog;

/// <summary>The rows of a list by their ids: one statement over two tables. The names that their numbers stand for are in the index already.</summary>
internal sealed class CatalogRowReader(NpgsqlDataSource database)
{
    private const string Query =
        $"""
        SELECT model.id, model.repo_id, model.class, basis, rung, conflict, weights_level, license_level, code_level, data_level, license_id, task_id, library_id, gating, state,
               parameters, summary, downloads, likes, trending, created_at, modified_at, observed_at, context_length,
               override.class, override.license_key, override.reason, override.expires_at
        FROM model LEFT JOIN model_counters ON model_id = model.id
        LEFT JOIN review.override ON {LiveOverride.Holds} AND {LiveOverride.IsOfModel}
        WHERE model.id = ANY($1)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The models with these ids, in this order; null if one of them has a name that is newer than the index.</summary>
    public async Task<IReadOnlyList<CatalogRow>?> FindAsync(IReadOnlyList<int> ids, Terms terms, CancellationToken cancellationToken)
    {
        if (ids is []) return [];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await ReadAsync(ids, terms, patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The rows of a list took too long.", late); // as cancelled a page would be shown without them
        }
    }

    private async Task<IReadOnlyList<CatalogRow>?> ReadAsync(IReadOnlyList<int> ids, Terms terms, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Query);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. ids] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<int, CatalogRow>(ids.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Row(reader, terms) is not { } row) return null;
            found[row.Id] = row;
        }
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    private static CatalogRow? Row(NpgsqlDataReader row, Terms terms)
    {
        var (license, task, library) = (Number(row, 10) is { } number ? terms.License(number) : null, Name(row, 11, terms), Name(row, 12, terms));
        if ((license is null && !row.IsDBNull(10)) || (task is null && !row.IsDBNull(11)) || (library is null && !row.IsDBNull(12))) return null;
        var repoId = row.GetString(1);
        var ruled = new CatalogRow
        {
            Id = row.GetInt32(0),
            RepoId = repoId,
            Author = repoId.Split('/')[0],
            Class = (Openness?)Small(row, 2),
            Basis = (Basis)row.GetInt16(3),
            Rung = (Rung?)Small(row, 4),
            Conflict = row.GetBoolean(5),
            Axes = new(Level(row, 6), Level(row, 7), Level(row, 8), Level(row, 9)),
            License = license is null ? null : new(license.Key, license.Name, license.SpdxId, license.LicenseClass),
            Task = task,
            Library = library,
            Gating = (Gating)row.GetInt16(13),
            State = (RepoState)row.GetInt16(14),
            Parameters = row.IsDBNull(15) ? null : row.GetInt64(15),
            Summary = row.IsDBNull(16) ? null : row.GetString(16),
            Downloads = row.IsDBNull(17) ? null : row.GetInt64(17),
            Likes = Number(row, 18),
            Trending = Number(row, 19),
            CreatedAt = Time(row, 20),
            ModifiedAt = Time(row, 21),
            ObservedAt = row.GetDateTime(22),
            ContextLength = Number(row, 23),
        };
        return row.IsDBNull(27) ? ruled : RowOverride.Apply(ruled, (Openness?)Small(row, 24), row.IsDBNull(25) ? null : row.GetString(25), row.GetString(26), row.GetDateTime(27));
    }

    private static string? Name(NpgsqlDataReader row, int column, Terms terms) => Number(row, column) is { } number ? terms.Name(number) : null;

    private static string Level(NpgsqlDataReader row, int column) => ((AxisLevel)row.GetInt16(column)).Word();

    private static int? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static short? Small(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt16(column);

    private static DateTime? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);
}
