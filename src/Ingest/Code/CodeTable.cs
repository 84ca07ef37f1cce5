using ModelAtlas.Domain.Catalog;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

namespace ModelAtlas.Ingest.Code;

/// <summary>What is known of code repositories, and which models' cards were followed to them.</summary>
internal static class CodeTable
{
    public static async Task<Dictionary<string, CodeRepository>> FindAsync(NpgsqlConnection connection, IReadOnlyCollection<string> urls, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CodeRepository>(StringComparer.Ordinal);
        if (urls.Count == 0) return found;
        await using var command = new NpgsqlCommand("SELECT url, license_path, license_text, paths, issue, read_at FROM code_repository WHERE url = ANY($1)", connection)
        {
            Parameters = { Column(urls, NpgsqlDbType.Text, url => url) },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found[rows.GetString(0)] = new()
            {
                Url = rows.GetString(0),
                LicensePath = rows.IsDBNull(1) ? null : rows.GetString(1),
                LicenseText = rows.IsDBNull(2) ? null : rows.GetString(2),
                Paths = rows.GetFieldValue<string[]>(3),
                Issue = rows.IsDBNull(4) ? null : rows.GetString(4),
                ReadAt = rows.GetDateTime(5),
            };
        }
        return found;
    }

    /// <summary>The most used models whose card links to the code host and was not followed since <paramref name="before"/>.</summary>
    public static async Task<List<int>> NextAsync(NpgsqlConnection connection, DateTime before, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT card.model_id FROM model_card card
            LEFT JOIN model_code_visit visit ON visit.model_id = card.model_id
            LEFT JOIN model_counters counters ON counters.model_id = card.model_id
            WHERE (visit.visited_at IS NULL OR visit.visited_at < $1) AND card.text LIKE '%github.com/%'
            ORDER BY counters.downloads DESC NULLS LAST, card.model_id LIMIT $2
            """,
            connection)
        {
            Parameters = { new() { Value = before }, new() { Value = most } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var next = new List<int>();
        while (await rows.ReadAsync(cancellationToken)) next.Add(rows.GetInt32(0));
        return next;
    }

    /// <summary>Keeps what was read, notes the visit, and has the model judged again.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, int modelId, DateTime at, IReadOnlyList<CodeRepository> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var repository in read)
        {
            batch.BatchCommands.Add(new(
                """
                INSERT INTO code_repository (url, license_path, license_text, paths, issue, read_at) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (url) DO UPDATE SET license_path = excluded.license_path, license_text = excluded.license_text, paths = excluded.paths, issue = excluded.issue, read_at = excluded.read_at
                """)
            {
                Parameters =
                {
                    new() { Value = repository.Url },
                    Text(repository.LicensePath),
                    Text(repository.LicenseText),
                    new() { Value = repository.Paths },
                    Text(repository.Issue),
                    new() { Value = repository.ReadAt },
                },
            });
        }
        batch.BatchCommands.Add(new("INSERT INTO model_code_visit (model_id, visited_at) VALUES ($1, $2) ON CONFLICT (model_id) DO UPDATE SET visited_at = excluded.visited_at")
        {
            Parameters = { new() { Value = modelId }, new() { Value = at } },
        });
        if (read.Count > 0) batch.BatchCommands.Add(new("INSERT INTO model_due (model_id) VALUES ($1) ON CONFLICT DO NOTHING") { Parameters = { new() { Value = modelId } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
