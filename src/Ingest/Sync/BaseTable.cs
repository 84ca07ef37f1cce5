using ModelAtlas.Domain.Lineage;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Sync;

/// <summary>A model that a base's name stands for.</summary>
internal readonly record struct NamedModel(string Name, int Id, string RepoId, long Rev);

/// <summary>Finds the models that names of bases stand for.</summary>
internal static class BaseTable
{
    /// <summary>By id, present or former.</summary>
    public static Task<List<NamedModel>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellationToken) => ReadAsync(
        connection,
        """
        SELECT repo_id, id, repo_id, rev FROM model WHERE repo_id = ANY($1)
        UNION ALL
        SELECT alias, model.id, repo_id, rev FROM model_alias JOIN model ON model.id = model_id WHERE alias = ANY($1)
        """,
        names,
        cancellationToken);

    /// <summary>Ids in other letter case.</summary>
    public static Task<List<NamedModel>> FindInAnyCaseAsync(NpgsqlConnection connection, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) => ReadAsync(
        connection,
        """
        SELECT asked.name, found.id, repo_id, rev FROM unnest($1, $2) AS asked(name, spoken)
        CROSS JOIN LATERAL (SELECT id, repo_id, rev FROM model WHERE spoken_name = asked.spoken AND lower(repo_id) = lower(asked.name) ORDER BY id LIMIT 1) found
        """,
        ids,
        cancellationToken);

    /// <summary>Of more models than these a name tells nothing.</summary>
    public const int MostOfAName = 100;

    /// <summary>Whose spoken names begin as these do: those of just that name first.</summary>
    public static Task<List<NamedModel>> FindSpokenAsync(NpgsqlConnection connection, IReadOnlyCollection<string> names, CancellationToken cancellationToken) => ReadAsync(
        connection,
        $"""
        SELECT asked.name, found.id, repo_id, rev FROM unnest($1, $2) AS asked(name, spoken)
        CROSS JOIN LATERAL (
            SELECT id, repo_id, rev FROM model WHERE spoken_name >= asked.spoken COLLATE "C" AND spoken_name < (asked.spoken || '~') COLLATE "C"
            ORDER BY spoken_name LIMIT {MostOfAName + 1}) found
        WHERE asked.spoken <> ''
        """,
        names,
        cancellationToken);

    private static async Task<List<NamedModel>> ReadAsync(NpgsqlConnection connection, string sql, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var found = new List<NamedModel>();
        if (names.Count == 0) return found;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { Column(names, NpgsqlDbType.Text, name => name) } };
        if (sql.Contains("$2", StringComparison.Ordinal)) command.Parameters.Add(Column(names, NpgsqlDbType.Text, name => ModelNames.Spoken(ModelNames.Last(name))));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) found.Add(new(rows.GetString(0), rows.GetInt32(1), rows.GetString(2), rows.GetInt64(3)));
        return found;
    }
}
