using System.Collections.Immutable;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

/// <summary>Which models: for each filter that is set, the values that pass, in the form the URL gives them. Two equal filters have equal text.</summary>
public sealed class CatalogFilter
{
    public static readonly CatalogFilter All = new(ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, ImmutableArray<string>> _chosen;

    private CatalogFilter(ImmutableSortedDictionary<string, ImmutableArray<string>> chosen) => _chosen = chosen;

    public bool IsAll => _chosen.IsEmpty;

    /// <summary>Set filters in the order of the rail.</summary>
    public IEnumerable<(FilterKey Key, ImmutableArray<string> Values)> Chosen =>
        from key in FilterKeys.All let values = this[key.Name] where !values.IsEmpty select (key, values);

    public ImmutableArray<string> this[string key] => _chosen.GetValueOrDefault(key, []);

    public bool Has(string key, string value) => this[key].Contains(value, StringComparer.Ordinal);

    public CatalogFilter With(string key, params IEnumerable<string> values) =>
        values.Distinct(StringComparer.Ordinal).ToImmutableArray() is { IsEmpty: false } some ? new(_chosen.SetItem(key, some)) : Without(key);

    public CatalogFilter Without(string key) => new(_chosen.Remove(key));

    /// <summary>The value added if it was not there, taken out if it was.</summary>
    public CatalogFilter Toggle(string key, string value) => With(key, Has(key, value) ? this[key].Remove(value, StringComparer.Ordinal) : this[key].Add(value));

    public override string ToString() => string.Join('&', _chosen.Select(pair => $"{pair.Key}={string.Join('\u001f', pair.Value.Order(StringComparer.Ordinal))}"));
}
