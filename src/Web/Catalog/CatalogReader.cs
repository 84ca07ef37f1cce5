using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

/// <summary>Filter, sort, page, project: the one reader behind the list page and the API. First form, plain SQL; what stands behind it can change.</summary>
internal sealed class CatalogReader(CatalogStore store, CatalogCounter counter)
{
    public async Task<PageOf<CatalogRow>> ListAsync(CatalogView view, CancellationToken cancellationToken)
    {
        var counts = await counter.CountAsync(view.Filter, cancellationToken);
        var rows = await store.ReadAsync(async db => await RowsAsync(db, await IdsAsync(db, view, cancellationToken), cancellationToken), cancellationToken);
        return new(rows, counts.Total);
    }

    /// <summary>The models with these ids, in this order.</summary>
    public static async Task<IReadOnlyList<CatalogRow>> RowsAsync(AtlasDbContext db, IReadOnlyList<int> ids, CancellationToken cancellationToken)
    {
        if (ids is []) return [];
        var rows = await (
            from model in db.Models
            where ids.Contains(model.Id)
            join counted in db.Counters on model.Id equals counted.ModelId into counters
            from counter in counters.DefaultIfEmpty()
            join license in db.Licenses on model.LicenseId equals license.Id into licenses
            from license in licenses.DefaultIfEmpty()
            select new CatalogRow
            {
                Id = model.Id,
                RepoId = model.RepoId,
                Author = db.Terms.First(term => term.Id == model.AuthorId).Name,
                Class = model.Class,
                Basis = model.Basis,
                Rung = model.Rung,
                Conflict = model.Conflict,
                License = license == null ? null : new LicenseName(license.Key, license.Name, license.SpdxId, license.LicenseClass),
                Task = db.Terms.Where(term => term.Id == model.TaskId).Select(term => term.Name).FirstOrDefault(),
                Library = db.Terms.Where(term => term.Id == model.LibraryId).Select(term => term.Name).FirstOrDefault(),
                Gating = model.Gating,
                State = model.State,
                Parameters = model.Parameters,
                Summary = model.Summary,
                Downloads = counter == null ? null : counter.Downloads,
                Likes = counter == null ? null : counter.Likes,
                Trending = counter == null ? null : counter.Trending,
                CreatedAt = model.CreatedAt,
                ModifiedAt = model.ModifiedAt,
                ObservedAt = model.ObservedAt,
            }).ToDictionaryAsync(row => row.Id, cancellationToken);
        var documents = await db.Verdicts
            .Where(verdict => ids.Contains(verdict.ModelId) && !db.Verdicts.Any(later => later.ModelId == verdict.ModelId && later.Id > verdict.Id))
            .Select(verdict => new { verdict.ModelId, verdict.Document }).ToDictionaryAsync(verdict => verdict.ModelId, verdict => verdict.Document, cancellationToken);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id] with { Axes = documents.TryGetValue(id, out var json) ? ReadVerdict(json)?.Axes : null })];
    }

    /// <summary>Every filter as one test; the counter asks the same without one of them.</summary>
    public static async Task<IQueryable<CatalogModel>> WhereAsync(AtlasDbContext db, CatalogFilter filter, CancellationToken cancellationToken)
    {
        IQueryable<CatalogModel> models = db.Models;
        foreach (var (key, values) in filter.Chosen) models = models.Where(await key.WhereAsync(db, values, cancellationToken));
        return models;
    }

    public static Verdict? ReadVerdict(string document) => JsonSerializer.Deserialize(document, VerdictJson.Default.Verdict);

    private static async Task<IReadOnlyList<int>> IdsAsync(AtlasDbContext db, CatalogView view, CancellationToken cancellationToken)
    {
        var ranked =
            from model in await WhereAsync(db, view.Filter, cancellationToken)
            join counted in db.Counters on model.Id equals counted.ModelId into counters
            from counter in counters.DefaultIfEmpty()
            select new RankedModel { Model = model, Counters = counter };
        var key = view.Sort.Key();
        if (view.Cursor is { } text && CatalogCursor.TryRead(text, view, out var cursor)) ranked = key.After(ranked, view.Descending, cursor.Value, cursor.Id);
        return await key.Order(ranked, view.Descending).Select(row => row.Model.Id).Skip((view.Page - 1) * view.Size).Take(view.Size).ToListAsync(cancellationToken);
    }
}
