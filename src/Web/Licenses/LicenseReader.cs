using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Licenses;

/// <param name="Models">How many models it governs.</param>
/// <param name="License">Null for a name we have no facts about.</param>
internal sealed record LicenseRow(string Key, string Name, string Class, int Models, License? License)
{
    public string Reference => License?.SpdxReference ?? Key;
}

/// <summary>Every licence of the desk and every other name that governs models of the catalogue, most used first.</summary>
internal sealed class LicenseReader(CatalogStore store, CatalogPulse pulse, IMemoryCache cache)
{
    public async Task<IReadOnlyList<LicenseRow>> ListAsync(CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        return await cache.GetOrCreateAsync((nameof(LicenseReader), rev), async entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(30);
            var governing = await GoverningAsync(cancellationToken);
            var counts = governing.ToDictionary(license => license.Key, license => license.Models, StringComparer.Ordinal);
            IEnumerable<LicenseRow> known = LicenseDesk.All.Select(license => new LicenseRow(license.Id, license.Name, license.Class, counts.GetValueOrDefault(license.Id), license));
            return (IReadOnlyList<LicenseRow>)[.. known.Concat(governing.Where(row => LicenseDesk.Find(row.Key) is null)).OrderByDescending(row => row.Models).ThenBy(row => row.Key, StringComparer.Ordinal)];
        }) ?? [];
    }

    public async Task<int> CountAsync(string key, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(row => row.Key == key)?.Models ?? 0;

    private Task<List<LicenseRow>> GoverningAsync(CancellationToken cancellationToken) => store.ReadAsync(db =>
    {
        var counts = db.Models.Where(model => model.LicenseId != null).GroupBy(model => model.LicenseId).Select(group => new { Id = group.Key, Count = group.Count() });
        return (
            from license in db.Licenses
            join counted in counts on license.Id equals counted.Id
            select new LicenseRow(license.Key, license.Name, license.LicenseClass, counted.Count, null)).ToListAsync(cancellationToken);
    }, cancellationToken);
}
