using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.ModelPages;

namespace ModelAtlas.Web.Badges;

/// <param name="License">Short name of the licence that governs.</param>
internal sealed record BadgeFacts(Openness? Class, Basis Basis, string? License);

/// <summary>As little of a model as a badge shows, by its name or a former one.</summary>
internal sealed class BadgeReader(CatalogStore store)
{
    public async Task<BadgeFacts?> FindAsync(string repoId, CancellationToken cancellationToken) =>
        await RowAsync(repoId, cancellationToken) is { } row ? new(row.Class, row.Basis, row.License?.Tag) : null;

    /// <summary>As a card shows it.</summary>
    public Task<CatalogRow?> RowAsync(string repoId, CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        var id = await NamedModel.Of(db, repoId).Select(model => (int?)model.Id).FirstOrDefaultAsync(cancellationToken);
        return id is { } known && await CatalogReader.RowsAsync(db, [known], cancellationToken) is [var row] ? row : null;
    }, cancellationToken);
}
