using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Inference.Models;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Playground.Shelf;

namespace ModelAtlas.Web.Playground;

/// <summary>A model that can be asked here, with what the catalogue says of it.</summary>
/// <param name="Row">Null for one that the catalogue does not have.</param>
/// <param name="Conditions">At most three things that the licence asks for.</param>
/// <param name="Own">The values of its generation_config, as JSON with the names of the page's fields.</param>
/// <param name="Loss">What rounding its weights cost it; null where nothing was rounded, or nobody measured it.</param>
public sealed record OfferedModel(ServedModel Model, CatalogRow? Row, IReadOnlyList<string> Conditions, string Own, string? Loss);

internal sealed class PlaygroundReader(ServedModels models, CatalogStore store, Conversions conversions)
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
        return [.. served.Select(model => new OfferedModel(model, rows.FirstOrDefault(row => row.RepoId == model.Id), Conditions(rows.FirstOrDefault(row => row.RepoId == model.Id)?.License?.Key), Own(model), model.Remote is null ? conversions.Known(model.Folder)?.ToString() : null))];
    }

    private static string Own(ServedModel model)
    {
        var says = model.Remote is null ? GenerationDefaults.Of(model.Folder) : null;
        var own = new JsonObject
        {
            ["greedy"] = !says?.Samples,
            ["temperature"] = says?.Temperature,
            ["top_k"] = says?.TopK,
            ["top_p"] = says?.TopP,
            ["min_p"] = says?.MinP,
            ["repetition_penalty"] = says?.RepetitionPenalty,
            ["max_new_tokens"] = says?.MaxNewTokens,
            ["remote"] = model.Remote is null ? null : true,
        };
        return new JsonObject(own.Where(value => value.Value is not null).Select(value => KeyValuePair.Create(value.Key, value.Value?.DeepClone()))).ToJsonString();
    }

    private static List<string> Conditions(string? license) => license is null || LicenseDesk.Find(license) is not { } known ? []
        : [.. known.Facts.Where(fact => fact.Tag.Group is FactGroup.Condition or FactGroup.AiTerm && fact.Answer == Answer.Yes).Select(fact => fact.Tag.Label).Take(ShownConditions)];
}
