using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Data;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.ModelPages;

/// <param name="Model">Null when the catalogue does not have it.</param>
/// <param name="Links">Its licence and those of its bases.</param>
internal sealed record BoundModel(string Asked, CatalogRow? Model, IReadOnlyList<LineageLink> Links);

/// <summary>The licences that bind the users of some models.</summary>
internal sealed class LineageReader(CatalogStore store)
{
    public Task<IReadOnlyList<BoundModel>> ReadAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        List<BoundModel> bound = [];
        foreach (var asked in ids)
        {
            var row = await FindAsync(db, asked, cancellationToken) is { } id ? (await CatalogReader.RowsAsync(db, [id], cancellationToken))[0] : null;
            bound.Add(new(asked, row, row is null ? [new(asked, null)] : BindingLicenses.Of(row, await Lineage.BasesAsync(db, row.Id, cancellationToken))));
        }
        return (IReadOnlyList<BoundModel>)bound;
    }, cancellationToken);

    /// <summary>By name, former name, or the name in other letter case.</summary>
    private static async Task<int?> FindAsync(AtlasDbContext db, string asked, CancellationToken cancellationToken)
    {
        var (spoken, pattern) = (ModelNames.Spoken(ModelNames.Last(asked)), TextKey.EscapeLike(asked));
        return await db.Models.Where(model => model.RepoId == asked).Select(model => (int?)model.Id).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Aliases.Where(alias => alias.Alias == asked).Select(alias => (int?)alias.ModelId).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Models.Where(model => model.SpokenName == spoken && EF.Functions.ILike(model.RepoId, pattern, @"\")).OrderBy(model => model.Id).Select(model => (int?)model.Id).FirstOrDefaultAsync(cancellationToken);
    }
}
