using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog;

/// <summary>Filter, sort, page, project: the one reader behind the list page and the API. Which models is the index's answer, the rows are the database's.</summary>
internal sealed class CatalogReader(CatalogIndex index, CatalogRowReader rows, CatalogStore store)
{
    private const int MostOptions = 20;

    public Task<PageOf<CatalogRow>> ListAsync(CatalogView view, CancellationToken cancellationToken) => ListAsync(view, [], cancellationToken);

    /// <summary>The part of the list that the view asks for, with the values of some facets counted.</summary>
    public async Task<PageOf<CatalogRow>> ListAsync(CatalogView view, IReadOnlyList<FilterKey> facets, CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        var (ids, counts, next) = Find(snapshot, view, facets);
        return new(await rows.FindAsync(ids, snapshot.Terms, cancellationToken) ?? await store.ReadAsync(db => RowsAsync(db, ids, cancellationToken), cancellationToken), counts, next);
    }

    public static (IReadOnlyList<int> Ids, CatalogCounts Counts, string? Next) Find(CatalogSnapshot snapshot, CatalogView view, IReadOnlyList<FilterKey> facets)
    {
        using var search = new CatalogSearch(snapshot, view.Filter);
        Standing? last = view.Cursor is { } text && CatalogCursor.TryRead(text, view, out var cursor) ? cursor.StandingIn(snapshot, view.Sort, view.Descending) : null;
        var page = search.Page(view.Sort, view.Descending, last, (view.Page - 1) * view.Size, view.Size + 1); // one more, to know whether there is more
        var shown = page.Take(view.Size).ToList();
        var next = page.Count > view.Size ? CatalogCursor.At(snapshot, view.Sort, shown[^1]).Write(view) : null;
        return ([.. shown.Select(document => snapshot.Ids[document])], CatalogCounter.Count(snapshot, search, view.Filter, facets, MostOptions), next);
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
                Axes = new(model.WeightsLevel.Word(), model.LicenseLevel.Word(), model.CodeLevel.Word(), model.DataLevel.Word()),
                License = license == null ? null : new LicenseName(license.Key, license.Name, license.SpdxId, license.LicenseClass),
                Task = db.Terms.Where(term => term.Id == model.TaskId).Select(term => term.Name).FirstOrDefault(),
                Library = db.Terms.Where(term => term.Id == model.LibraryId).Select(term => term.Name).FirstOrDefault(),
                Gating = model.Gating,
                State = model.State,
                Parameters = model.Parameters,
                ContextLength = model.ContextLength,
                Summary = model.Summary,
                Downloads = counter == null ? null : counter.Downloads,
                Likes = counter == null ? null : counter.Likes,
                Trending = counter == null ? null : counter.Trending,
                CreatedAt = model.CreatedAt,
                ModifiedAt = model.ModifiedAt,
                ObservedAt = model.ObservedAt,
            }).ToDictionaryAsync(row => row.Id, cancellationToken);
        foreach (var set in await OverridesAsync(db, [.. rows.Keys], cancellationToken))
            rows[set.ModelId] = RowOverride.Apply(rows[set.ModelId], (Openness?)set.Class, set.LicenseKey, set.Reason, set.ExpiresAt);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    private static Task<List<LiveOverride>> OverridesAsync(AtlasDbContext db, int[] ids, CancellationToken cancellationToken) => db.Database.SqlQueryRaw<LiveOverride>(
        $$"""
        SELECT DISTINCT ON (model.id) model.id AS model_id, override.class, override.license_key, override.reason, override.expires_at
        FROM review.override JOIN model ON {{LiveOverride.IsOfModel}} WHERE {{LiveOverride.Holds}} AND model.id = ANY ({0}) ORDER BY model.id, override.id DESC
        """, ids).ToListAsync(cancellationToken);

    public static Verdict? ReadVerdict(string document) => JsonSerializer.Deserialize(document, VerdictJson.Default.Verdict);
}
