using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Playground;

/// <summary>A model that can be asked here, with what the catalogue says of it.</summary>
/// <param name="Row">Null for one that the catalogue does not have.</param>
/// <param name="Conditions">At most three things that the licence asks for.</param>
public sealed record OfferedModel(ServedModel Model, CatalogRow? Row, IReadOnlyList<string> Conditions);

internal sealed class PlaygroundReader(ServedModels models, CatalogStore store)
{
    private const int ShownConditions = 3;

    public async Task<IReadOnlyList<OfferedModel>> ListAsync(CancellationToken cancellationToken)
    {
        var served = await models.ListAsync(cancellationToken);
        string[] ids = [.. served.Select(model => model.Id)];
        var rows = await store.ReadAsync(async db =>
        {
            var numbers = await db.Models.Where(model => ids.Contains(model.RepoId)).Select(model => model.Id).ToListAsync(cancellationToken);
            return await CatalogReader.RowsAsync(db, numbers, cancellationToken);
        }, cancellationToken);
        return [.. served.Select(model => new OfferedModel(model, rows.FirstOrDefault(row => row.RepoId == model.Id), Conditions(rows.FirstOrDefault(row => row.RepoId == model.Id)?.License?.Key)))];
    }

    private static List<string> Conditions(string? license) => license is null || LicenseDesk.Find(license) is not { } known ? []
        : [.. known.Facts.Where(fact => fact.Tag.Group is FactGroup.Condition or FactGroup.AiTerm && fact.Answer == Answer.Yes).Select(fact => fact.Tag.Label).Take(ShownConditions)];
}
