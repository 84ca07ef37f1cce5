using System.Collections.Immutable;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog;

public sealed record FacetOption(string Value, string Label, int Count);

/// <summary>The values of one filter with how many models each would show, given the other filters.</summary>
public sealed record Facet(FilterKey Key, IReadOnlyList<FacetOption> Options);

public sealed record CatalogCounts(int Total, IReadOnlyList<Facet> Facets);

/// <summary>Totals and facets of a filter. Of each facet the most frequent values are listed.</summary>
internal sealed class CatalogCounter(CatalogIndex index)
{
    public async Task<CatalogCounts> CountAsync(CatalogFilter filter, IReadOnlyList<FilterKey> keys, int most, CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        using var search = new CatalogSearch(snapshot, filter);
        return Count(snapshot, search, filter, keys, most);
    }

    public static CatalogCounts Count(CatalogSnapshot snapshot, CatalogSearch search, CatalogFilter filter, IReadOnlyList<FilterKey> keys, int most) =>
        new(search.Total, [.. keys.Select(key => new Facet(key, key switch
        {
            FacetKey column => Options(snapshot, search, column, most, filter[key.Name]),
            OptionKey few => Options(search, few, filter[key.Name]),
            _ => [],
        }))]);

    /// <summary>How many models there would be without each of the filters that are set: which one to relax when nothing is found.</summary>
    public async Task<IReadOnlyList<(FilterKey Key, ImmutableArray<string> Values, int Total)>> RelaxAsync(CatalogFilter filter, CancellationToken cancellationToken)
    {
        using var search = new CatalogSearch(await index.ReadAsync(cancellationToken), filter);
        return [.. filter.Chosen.Select(chosen => (chosen.Key, chosen.Values, Total: search.TotalWithout(chosen.Key))).Where(way => way.Total > 0).OrderBy(way => way.Total)];
    }

    private static List<FacetOption> Options(CatalogSearch search, OptionKey key, ImmutableArray<string> chosen) =>
        [.. key.Options.Zip(search.Count(key), (option, count) => new FacetOption(option.Value, option.Label, count)).Where(option => option.Count > 0 || chosen.Contains(option.Value, StringComparer.Ordinal))];

    private static List<FacetOption> Options(CatalogSnapshot snapshot, CatalogSearch search, FacetKey key, int most, ImmutableArray<string> chosen)
    {
        List<FacetOption> options =
        [
            .. from counted in search.Top(key.Column, key, most)
               let name = key.NameOf(snapshot, snapshot[key.Column].Values[counted.Value])
               where name is not null
               group counted.Count by name.Value into same
               select new FacetOption(same.Key.Value, same.Key.Label, same.Sum()),
        ];
        // What is chosen can always be taken back, even where it shows nothing.
        options.AddRange(chosen.Where(value => options.All(option => option.Value != value)).Select(value => new FacetOption(value, key.Describe(value), 0)));
        return options;
    }
}
