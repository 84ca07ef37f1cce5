using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Licenses;

/// <param name="Models">How many models it governs.</param>
/// <param name="License">Null for a name we have no facts about.</param>
internal sealed record LicenseRow(string Key, string Name, string Class, int Models, License? License)
{
    public string Reference => License?.SpdxReference ?? Key;
}

/// <summary>Every licence of the desk and every other name that governs models of the catalogue, most used first.</summary>
internal sealed class LicenseReader(CatalogIndex index, IMemoryCache cache)
{
    public async Task<IReadOnlyList<LicenseRow>> ListAsync(CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        return cache.GetOrCreate((nameof(LicenseReader), snapshot.Version), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(30);
            var governing = Governing(snapshot);
            var counts = governing.ToDictionary(license => license.Key, license => license.Models, StringComparer.Ordinal);
            IEnumerable<LicenseRow> known = LicenseDesk.All.Select(license => new LicenseRow(license.Id, license.Name, license.Class, counts.GetValueOrDefault(license.Id), license));
            return (IReadOnlyList<LicenseRow>)[.. known.Concat(governing.Where(row => LicenseDesk.Find(row.Key) is null)).OrderByDescending(row => row.Models).ThenBy(row => row.Key, StringComparer.Ordinal)];
        }) ?? [];
    }

    public async Task<int> CountAsync(string key, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(row => row.Key == key)?.Models ?? 0;

    private static List<LicenseRow> Governing(CatalogSnapshot snapshot)
    {
        using var search = new CatalogSearch(snapshot, CatalogFilter.All);
        var values = snapshot[Column.License].Values;
        return [.. from counted in search.Top(Column.License, null, Math.Max(1, values.Count))
                   let license = snapshot.Terms.License(values[counted.Value])
                   where license is not null
                   select new LicenseRow(license.Key, license.Name, license.LicenseClass, counted.Count, null)];
    }
}
