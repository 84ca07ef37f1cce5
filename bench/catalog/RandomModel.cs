using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Bench.Catalog;

/// <summary>Names that belong to some model of an index.</summary>
internal sealed class RandomModel(CatalogSnapshot index, Random random)
{
    private static readonly string[] Few = ["class", "conf", "license", "task", "lib", "gated"];
    private readonly int _document = random.Next(index.Documents);

    public RandomModel Other => new(index, random);

    public int Year => 2000 + (int)((index[CatalogSort.Created].ValueOf(_document) ?? 0) / (365.25 * 86_400));

    public CatalogFilter Facets(int count)
    {
        var keys = Few.ToArray();
        random.Shuffle(keys);
        return keys.Take(count).Aggregate(CatalogFilter.All, (filter, key) => filter.With(key, Name(key)));
    }

    public string Name(string key)
    {
        if (FilterKeys.Find(key) is not FacetKey facet) throw new ArgumentException(key, nameof(key));
        // Of a document that has none, another's.
        for (var document = _document; ; document = random.Next(index.Documents))
        {
            var some = index[facet.Column].NumbersOf(document);
            if (some is not [] && facet.NameOf(index, some[random.Next(some.Length)]) is { } name) return name.Value;
        }
    }

    public string Words(int count)
    {
        var words = index.Names.Text(_document).Split('/', '-').Where(word => word.Length > 2).ToArray();
        return words is [] ? "llama" : string.Join(' ', random.GetItems(words, count));
    }
}
