using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;
using NpgsqlTypes;
using static ModelAtlas.Ingest.Sync.SqlArrays;

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
        var missing = terms.Where(term => !Terms.Has(term)).Distinct().ToList();
        if (missing is []) return;
        await using (var command = new NpgsqlCommand("SELECT id, kind, name FROM term JOIN unnest($1, $2) AS asked(kind, name) USING (kind, name)", connection)
        {
            Parameters = { Column(missing, NpgsqlDbType.Smallint, term => (short)term.Kind), Column(missing, NpgsqlDbType.Text, term => term.Name) },
        })
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            while (await rows.ReadAsync(cancellationToken)) Terms[((TermKind)rows.GetInt16(1), rows.GetString(2))] = rows.GetInt32(0);

        // Nobody else adds names meanwhile: only writers do, one at a time.
        missing.RemoveAll(Terms.Has);
        var ids = await NewRows.TakeIdsAsync(connection, "term", missing.Count, cancellationToken);
        foreach (var term in missing) Terms[term] = ids.Dequeue();
        await NewRows.TermsAsync(connection, [.. missing.Select(term => (Terms[term], term.Kind, term.Name))], cancellationToken);
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
