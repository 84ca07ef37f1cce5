using System.Collections.Immutable;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

/// <summary>Which models: for each filter that is set, the values that pass, in the form the URL gives them. Two equal filters have equal text.</summary>
public sealed class CatalogFilter
{
    public static readonly CatalogFilter All = new(ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal));

    /// <summary>What a page shows before anything is asked.</summary>
    public static readonly CatalogFilter Usual = FilterKeys.All.Where(key => key.Usual is not null).Aggregate(All, (filter, key) => filter.With(key.Name, key.Usual ?? ""));

    private readonly ImmutableSortedDictionary<string, ImmutableArray<string>> _chosen;

    private CatalogFilter(ImmutableSortedDictionary<string, ImmutableArray<string>> chosen) => _chosen = chosen;

    public bool IsAll => _chosen.IsEmpty;

    /// <summary>Set filters in the order of the rail.</summary>
    public IEnumerable<(FilterKey Key, ImmutableArray<string> Values)> Chosen =>
        from key in FilterKeys.All let values = this[key.Name] where !values.IsEmpty select (key, values);

    /// <summary>Those of them that somebody asked for.</summary>
    public IEnumerable<(FilterKey Key, ImmutableArray<string> Values)> Asked => Chosen.Where(chosen => !IsUsual(chosen.Key));

    /// <summary>Whether a key is as a page has it by itself. Who searches by words searches everything.</summary>
    public bool IsUsual(FilterKey key) => key.Usual is { } usual && (this["q"].IsEmpty ? this[key.Name] is [var only] && only == usual : this[key.Name].IsEmpty);

    public ImmutableArray<string> this[string key] => _chosen.GetValueOrDefault(key, []);

    public bool Has(string key, string value) => this[key].Contains(value, StringComparer.Ordinal);

    public CatalogFilter With(string key, params IEnumerable<string> values) =>
        values.Distinct(StringComparer.Ordinal).ToImmutableArray() is { IsEmpty: false } some ? new(_chosen.SetItem(key, some)) : Without(key);

    public CatalogFilter Without(string key) => new(_chosen.Remove(key));

    /// <summary>The value added if it was not there, taken out if it was.</summary>
    public CatalogFilter Toggle(string key, string value) => With(key, Has(key, value) ? this[key].Remove(value, StringComparer.Ordinal) : this[key].Add(value));

    public override string ToString() => string.Join('&', _chosen.Select(pair => $"{pair.Key}={string.Join('\u001f', pair.Value.Order(StringComparer.Ordinal))}"));
}
