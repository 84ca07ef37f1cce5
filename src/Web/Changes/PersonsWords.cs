using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Changes;

/// <summary>What persons set in place of the rules, and when that ended, wherever it made a difference to what the rules said at that time.</summary>
internal static class PersonsWords
{
    private const string Query =
        $$"""
        SELECT event.at, event.place, event.is_over, model.repo_id, override.class, override.license_key, override.reason, override.expires_at,
            coalesce(ruled.class, model.class) AS ruled_class, coalesce(ruled.basis, model.basis) AS ruled_basis, license.key AS ruled_license_key, license.name AS ruled_license, coalesce(ruled.conflict, model.conflict) AS ruled_conflict,
            coalesce(ruled.rule_version, '') AS rule_version, ruled.revision, coalesce(ruled.observed_at, model.observed_at) AS observed_at
        FROM (
            SELECT id, 2 * id::bigint + 1 AS place, made_at AS at, false AS is_over FROM review.override
            UNION ALL SELECT id, 2 * id::bigint, least(coalesce(ended_at, expires_at), expires_at), true FROM review.override WHERE ended_at IS NOT NULL OR expires_at <= now()
        ) AS event
        JOIN review.override ON override.id = event.id
        JOIN model ON {{LiveOverride.IsOfModel}}
        LEFT JOIN LATERAL (SELECT * FROM verdict WHERE verdict.model_id = model.id AND verdict.decided_at <= event.at ORDER BY verdict.id DESC LIMIT 1) AS ruled ON true
        LEFT JOIN license ON license.id = ruled.license_id
        WHERE ({0} AND override.class <> coalesce(ruled.class, model.class, -1) OR {1} AND override.license_key IS NOT NULL AND override.license_key IS DISTINCT FROM license.key
                OR {7} AND override.license_key IS NOT NULL AND coalesce(ruled.conflict, model.conflict))
            AND ({2} = '' OR split_part(model.repo_id, '/', 1) = {2})
            AND ({8} = '' OR model.repo_id = {8})
            AND ({9} = '' OR license.key = {9} OR override.license_key = {9})
            AND (event.at, event.place) < (to_timestamp(0) + {3} * interval '1 microsecond', {4})
            AND event.at > {5}
        ORDER BY event.at DESC, event.place DESC LIMIT {6}
        """;

    private static readonly long Latest = Micros(new(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    /// <param name="since">What came before waits for the verdicts of its time.</param>
    public static async Task<IReadOnlyList<(CatalogChange Change, long At, long Place)>> ReadAsync(
        AtlasDbContext db, ChangeFilter filter, ChangeCursor from, DateTime since, int most, CancellationToken cancellationToken)
    {
        var rows = await db.Database.SqlQueryRaw<Row>(Query, filter.Kind is ChangeKind.Any or ChangeKind.Class, filter.Kind is ChangeKind.Any or ChangeKind.License, filter.Org ?? "",
            Math.Min(from.Word, Latest), from.Place, since, most, filter.Kind is ChangeKind.Any or ChangeKind.Conflict, filter.Model ?? "", filter.License ?? "").ToListAsync(cancellationToken);
        return [.. rows.Select(row => (Change(row), Micros(row.At), row.Place))];
    }

    private static CatalogChange Change(Row row)
    {
        var (ruled, set) = ((Openness?)row.RuledClass, (Openness?)row.Class ?? (Openness?)row.RuledClass);
        var license = row.LicenseKey is { } key ? LicenseDesk.Find(key)?.Name ?? key : row.RuledLicense;
        var licenses = row.LicenseKey == row.RuledLicenseKey ? (row.RuledLicense, row.RuledLicense) : (row.RuledLicense, license);
        var conflict = row.RuledConflict && row.LicenseKey is null;
        var (before, after) = row.IsOver ? (set, ruled) : (ruled, set);
        var (licenseBefore, licenseAfter) = row.IsOver ? (licenses.Item2, licenses.Item1) : licenses;
        return new(row.Place, row.RepoId, before, after, row.IsOver || row.Class is null ? (Basis)row.RuledBasis : Basis.Verified, licenseBefore, licenseAfter,
            row.IsOver ? (conflict, row.RuledConflict) : (row.RuledConflict, conflict), false, row.RuleVersion, row.RuleVersion, row.Revision, row.ObservedAt, row.ObservedAt, row.At, new(row.Reason, row.ExpiresAt, row.IsOver));
    }

    private static long Micros(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record Row(
        DateTime At, long Place, bool IsOver, string RepoId, short? Class, string? LicenseKey, string Reason, DateTime ExpiresAt,
        short? RuledClass, short RuledBasis, string? RuledLicenseKey, string? RuledLicense, bool RuledConflict, string RuleVersion, string? Revision, DateTime ObservedAt);
}
