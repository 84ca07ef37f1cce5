using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Gives names that many rows share their number in the database: authors, tasks, libraries, languages, tags, and licences.</summary>
internal sealed class TermBook
{
    public Numbers<(TermKind, string)> Terms { get; } = new();
    public Numbers<string> Licenses { get; } = new();

    /// <summary>The licence that a row points to: the one that governs, else the first name declared, which nobody knows.</summary>
    public static string? LicenseOf(LicenseFinding finding) =>
        (finding.Effective ?? (finding.Declared is [var first, ..] ? first : null)) is { Length: > 0 } key ? CleanText.Cut(key, HubLimits.NameLength) : null;

    public async Task AddAsync(NpgsqlConnection connection, IEnumerable<(TermKind Kind, string Name)> terms, CancellationToken cancellationToken)
    {
        // In one order in every process, so that two of them never wait for each other.
        var missing = terms.Where(term => !Terms.Has(term)).Distinct().OrderBy(term => term.Kind).ThenBy(term => term.Name, StringComparer.Ordinal).ToList();
        if (missing is []) return;
        await using var command = new NpgsqlCommand(
            """
            WITH asked AS (SELECT kind, name FROM unnest($1, $2) AS asked(kind, name)),
                 added AS (INSERT INTO term (kind, name)
                           SELECT kind, name FROM asked WHERE NOT EXISTS (SELECT FROM term WHERE term.kind = asked.kind AND term.name = asked.name)
                           ON CONFLICT DO NOTHING RETURNING id, kind, name)
            SELECT id, kind, name FROM added
            UNION ALL
            SELECT term.id, term.kind, term.name FROM term JOIN asked USING (kind, name)
            """,
            connection);
        command.Parameters.Add(new() { Value = missing.Select(term => (short)term.Kind).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = missing.Select(term => term.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) Terms[((TermKind)rows.GetInt16(1), rows.GetString(2))] = rows.GetInt32(0);
    }

    /// <summary>Licences are few. A row of one that the desk has learned more about since is brought up to date.</summary>
    public async Task AddLicensesAsync(NpgsqlConnection connection, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys.Where(key => !Licenses.Has(key)).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            var known = LicenseDesk.Find(key);
            await using var command = new NpgsqlCommand(
                """
                WITH written AS (
                    INSERT INTO license (key, name, spdx_id, license_class, known) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (key) DO UPDATE SET name = $2, spdx_id = $3, license_class = $4, known = $5
                    WHERE (license.name, license.spdx_id, license.license_class, license.known) IS DISTINCT FROM ($2, $3, $4, $5)
                    RETURNING id)
                SELECT id FROM written UNION ALL SELECT id FROM license WHERE key = $1 LIMIT 1
                """,
                connection);
            command.Parameters.Add(new() { Value = key });
            command.Parameters.Add(new() { Value = known?.Name ?? key });
            command.Parameters.Add(new() { Value = (object?)known?.SpdxReference ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = known?.Class ?? Domain.Licenses.LicenseClass.Unknown });
            command.Parameters.Add(new() { Value = known is not null });
            if (await command.ExecuteScalarAsync(cancellationToken) is int id) Licenses[key] = id;
        }
    }

    public void Commit()
    {
        Terms.Commit();
        Licenses.Commit();
    }

    public void Rollback()
    {
        Terms.Rollback();
        Licenses.Rollback();
    }

    public void Forget()
    {
        Terms.Forget();
        Licenses.Forget();
    }
}
