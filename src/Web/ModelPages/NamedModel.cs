using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.ModelPages;

/// <summary>The model of a name or, where no model has it now, of a former one.</summary>
internal static class NamedModel
{
    public static IQueryable<CatalogModel> Of(AtlasDbContext db, string name) => db.Models
        .Where(model => model.RepoId == name || db.Aliases.Any(alias => alias.Alias == name && alias.ModelId == model.Id))
        .OrderByDescending(model => model.RepoId == name);
}
