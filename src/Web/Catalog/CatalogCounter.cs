using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

public sealed record FacetOption(string Value, string Label, int Count);

/// <summary>The values of one filter with how many models each would show, given the other filters.</summary>
public sealed record Facet(FacetKey Key, IReadOnlyList<FacetOption> Options);

public sealed record CatalogCounts(int Total, IReadOnlyList<Facet> Facets);

/// <summary>Totals and facets of a filter by plain grouped queries, kept until the catalogue changes or half a minute has passed.</summary>
internal sealed class CatalogCounter(CatalogStore store, CatalogPulse pulse, IMemoryCache cache)
{
    private const int MostOptions = 40;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<FacetKey, Func<CatalogModel, int?>> Columns = new();

    public async Task<CatalogCounts> CountAsync(CatalogFilter filter, CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        var counts = await cache.GetOrCreateAsync((nameof(CatalogCounter), filter.ToString(), rev), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = Lifetime;
            return store.ReadAsync(db => CountAsync(db, filter, cancellationToken), cancellationToken);
        });
        return counts ?? new(0, []);
    }

    /// <summary>How many models there would be without each of the filters that are set: which one to relax when nothing is found.</summary>
    public Task<IReadOnlyList<(FilterKey Key, ImmutableArray<string> Values, int Total)>> RelaxAsync(CatalogFilter filter, CancellationToken cancellationToken) =>
        store.ReadAsync(async db =>
        {
            List<(FilterKey, ImmutableArray<string>, int)> relaxed = [];
            foreach (var (key, values) in filter.Chosen)
            {
                var models = await CatalogReader.WhereAsync(db, filter.Without(key.Name), cancellationToken);
                relaxed.Add((key, values, await models.CountAsync(cancellationToken)));
            }
            return (IReadOnlyList<(FilterKey, ImmutableArray<string>, int)>)[.. relaxed.Where(way => way.Item3 > 0).OrderBy(way => way.Item3)];
        }, cancellationToken);

    private static async Task<CatalogCounts> CountAsync(AtlasDbContext db, CatalogFilter filter, CancellationToken cancellationToken)
    {
        var alike = await AlikeAsync(db, filter, cancellationToken);
        List<Facet> facets = [];
        foreach (var key in FilterKeys.Facets)
        {
            // A facet counts under the other filters: one that is set itself needs a question of its own.
            var counted = filter[key.Name].IsEmpty ? alike : await AlikeAsync(db, filter.Without(key.Name), cancellationToken);
            facets.Add(new(key, await OptionsAsync(db, key, counted, filter[key.Name], cancellationToken)));
        }
        return new(alike.Sum(models => models.Count), facets);
    }

    /// <summary>One pass for all facets: how many models are alike in every column that a facet counts, each lot with a model that stands for it.</summary>
    private static async Task<IReadOnlyList<(CatalogModel Like, int Count)>> AlikeAsync(AtlasDbContext db, CatalogFilter filter, CancellationToken cancellationToken)
    {
        var models = await CatalogReader.WhereAsync(db, filter, cancellationToken);
        var lots = await models.GroupBy(model => new { model.Class, model.Basis, model.LicenseId, model.TaskId, model.LibraryId, model.Gating })
            .Select(lot => new { lot.Key, Count = lot.Count() }).ToListAsync(cancellationToken);
        return lots.ConvertAll(lot => (new CatalogModel
        {
            RepoId = "",
            AuthorId = 0,
            Source = "",
            RuleVersion = "",
            Class = lot.Key.Class,
            Basis = lot.Key.Basis,
            LicenseId = lot.Key.LicenseId,
            TaskId = lot.Key.TaskId,
            LibraryId = lot.Key.LibraryId,
            Gating = lot.Key.Gating,
        }, lot.Count));
    }

    private static async Task<IReadOnlyList<FacetOption>> OptionsAsync(
        AtlasDbContext db, FacetKey key, IReadOnlyList<(CatalogModel Like, int Count)> models, ImmutableArray<string> chosen, CancellationToken cancellationToken)
    {
        var column = Columns.GetOrAdd(key, static key => key.Column.Compile());
        var counts = models.GroupBy(lot => column(lot.Like)).Select(same => (Number: same.Key, Count: same.Sum(lot => lot.Count)))
            .OrderByDescending(counted => counted.Count).ThenBy(counted => counted.Number).Take(MostOptions).ToList();
        var names = await key.NamesAsync(db, [.. counts.Select(counted => counted.Number).OfType<int>()], cancellationToken);
        List<FacetOption> options =
        [
            .. from counted in counts
               let name = counted.Number is not { } number ? (CatalogWords.None, key.Describe(CatalogWords.None)) : names.GetValueOrDefault(number)
               where name.Item1 is not null
               group counted.Count by name into same
               select new FacetOption(same.Key.Item1, same.Key.Item2, same.Sum()),
        ];
        // What is chosen can always be taken back, even where it shows nothing.
        options.AddRange(chosen.Where(value => options.All(option => option.Value != value)).Select(value => new FacetOption(value, key.Describe(value), 0)));
        return options;
    }
}
