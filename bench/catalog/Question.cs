using System.Globalization;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Bench.Catalog;

/// <summary>One question to the catalogue, of one of twelve kinds. Values are those of random models, so that frequent ones are asked for often.</summary>
internal sealed record Question(string Shape, CatalogView View)
{
    private static readonly CatalogSort[] Sorts = [CatalogSort.Downloads, CatalogSort.Likes, CatalogSort.Trending, CatalogSort.Updated, CatalogSort.Created, CatalogSort.Params];

    public static readonly string[] Shapes =
        ["none", "one facet", "two facets", "three facets and language", "several values", "ranges and class", "author", "tag", "one word", "two words", "prefix", "text and facets"];

    public static IEnumerable<Question> Make(CatalogSnapshot index, string[] shapes, int each, int seed)
    {
        var random = new Random(seed);
        foreach (var shape in shapes)
            for (var count = 0; count < each; count++)
                yield return new(shape, CatalogView.Start with { Filter = Filter(shape, new RandomModel(index, random)), Sort = random.GetItems(Sorts, 1)[0] });
    }

    private static CatalogFilter Filter(string shape, RandomModel model) => shape switch
    {
        "none" => CatalogFilter.All,
        "one facet" => model.Facets(1),
        "two facets" => model.Facets(2),
        "three facets and language" => model.Facets(3).With("lang", model.Name("lang")),
        "several values" => CatalogFilter.All.With("task", model.Name("task"), model.Other.Name("task"), model.Other.Name("task")).With("license", model.Name("license"), model.Other.Name("license")),
        "ranges and class" => CatalogFilter.All.With("params", "500M..8B").With("created", string.Create(CultureInfo.InvariantCulture, $"{model.Year}..")).With("class", model.Name("class")),
        "author" => CatalogFilter.All.With("org", model.Name("org")),
        "tag" => CatalogFilter.All.With("tag", model.Name("tag")),
        "one word" => CatalogFilter.All.With("q", model.Words(1)),
        "two words" => CatalogFilter.All.With("q", model.Words(2)),
        "prefix" => CatalogFilter.All.With("q", model.Words(1)[..3]),
        _ => model.Facets(2).With("q", model.Words(1)),
    };
}
