using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Licenses;

/// <param name="Known">False for a name we have no facts about.</param>
internal sealed record LicenseRow(string Key, string Name, string? SpdxId, string Class, bool Known, int Models);

/// <summary>The licences that govern models of the catalogue.</summary>
internal sealed class LicenseReader(CatalogStore store, CatalogPulse pulse, IMemoryCache cache)
{
    public async Task<IReadOnlyList<LicenseRow>> ListAsync(CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        return await cache.GetOrCreateAsync((nameof(LicenseReader), rev), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(30);
            return store.ReadAsync(async db =>
            {
                var counts = db.Models.Where(model => model.LicenseId != null).GroupBy(model => model.LicenseId).Select(group => new { Id = group.Key, Count = group.Count() });
                return await (
                    from license in db.Licenses
                    join counted in counts on license.Id equals counted.Id
                    orderby counted.Count descending, license.Key
                    select new LicenseRow(license.Key, license.Name, license.SpdxId, license.LicenseClass, license.Known, counted.Count)).ToListAsync(cancellationToken);
            }, cancellationToken);
        }) ?? [];
    }
}
