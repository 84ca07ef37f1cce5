using System.Collections.Immutable;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog;

/// <summary>For each of many values of one key the address of a list with it, or without it where it is chosen. What the addresses share is written once.</summary>
internal sealed class ValueLinks
{
    private readonly CatalogView _view;
    private readonly FilterKey _key;
    private readonly ImmutableArray<string> _chosen;
    private readonly string? _before, _after;

    public ValueLinks(CatalogView view, FilterKey key)
    {
        (_view, _key, _chosen) = (view.Where(view.Filter), key, view.Filter[key.Name]);
        if (key.Usual is not null) return; // what is usual is written in a way of its own
        const string Mark = "\u0001"; // no value has it
        var parts = CatalogUrl.Write(_view.Where(_view.Filter.With(key.Name, Mark))).Split(Uri.EscapeDataString(Mark), 2);
        (_before, _after) = (parts[0], parts[1]);
    }

    public bool Has(string value) => _chosen.Contains(value, StringComparer.Ordinal);

    public string Toggle(string value) => _before is null || (Has(value) && _chosen.Length == 1)
        ? CatalogUrl.Write(_view.Where(_view.Filter.Toggle(_key.Name, value)))
        : _before + CatalogUrl.Value(_key, Has(value) ? _chosen.Remove(value, StringComparer.Ordinal) : _chosen.Add(value)) + _after;
}
