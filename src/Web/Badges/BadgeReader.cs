using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Badges;

/// <param name="License">Short name of the licence that governs.</param>
internal sealed record BadgeFacts(Openness? Class, Basis Basis, string? License);

/// <summary>As little of a model as a badge shows, by its name or a former one.</summary>
internal sealed class BadgeReader(CatalogStore store)
{
    public Task<BadgeFacts?> FindAsync(string repoId, CancellationToken cancellationToken) => store.ReadAsync(db => (
        from model in db.Models
        where model.RepoId == repoId || db.Aliases.Any(alias => alias.Alias == repoId && alias.ModelId == model.Id)
        join license in db.Licenses on model.LicenseId equals license.Id into licenses
        from license in licenses.DefaultIfEmpty()
        orderby model.RepoId == repoId descending
        select new BadgeFacts(model.Class, model.Basis, license == null ? null : license.SpdxId ?? license.Key)).FirstOrDefaultAsync(cancellationToken), cancellationToken);
}
