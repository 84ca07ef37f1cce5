using System.Collections.Concurrent;
using ModelAtlas.Web.Catalog.Filters;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>What passes the options of a filter, found once for a snapshot: they are few, and most pages count them all.</summary>
internal sealed class KeptSets
{
    private readonly ConcurrentDictionary<(string Key, string Value), Lazy<DocSet>> _sets = [];
    private readonly ConcurrentDictionary<(string Key, string Value), int[]?> _licenses = [];

    public DocSet Of(OptionKey key, string value, CatalogSnapshot index) => _sets.GetOrAdd((key.Name, value), _ => new(() => Find(key, value, index))).Value;

    public int[]? LicensesOf(OptionKey key, string value, CatalogSnapshot index) =>
        _licenses.GetOrAdd((key.Name, value), static (_, asked) => asked.key.LicensesOf(asked.index, asked.value), (key, value, index));

    private static DocSet Find(OptionKey key, string value, CatalogSnapshot index)
    {
        using var work = new Workspace(index.Documents);
        var found = key.Passing(index, value, work);
        return found.IsBits ? DocSet.Bitmap(found.Bits.ToArray(), found.Bits.Length, found.Count) : DocSet.Listed(found.List.ToArray(), 0, found.Count); // the workspace takes its memory back
    }
}
