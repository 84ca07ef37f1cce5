using System.Globalization;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Bench.Catalog;

/// <summary>A question as one would ask a database for it: a page, and all facets in one pass, which counts them with their own filter too.</summary>
internal sealed class Sql(CatalogSnapshot index, Func<string, int, string> hasAny, Func<string, string> hasWord, Func<string, string> unnest)
{
    public string Page(CatalogView view) => $"SELECT id FROM flat {Where(view.Filter)} ORDER BY {Sort(view.Sort)} DESC NULLS LAST, id DESC LIMIT 50";

    public string Facets(CatalogView view) =>
        $"SELECT class, basis, license_id, task_id, library_id, gating, count(*) FROM flat {Where(view.Filter)} GROUP BY GROUPING SETS ((), (class), (basis), (license_id), (task_id), (library_id), (gating))";

    public string Languages(CatalogView view) => unnest(Where(view.Filter));

    private string Where(CatalogFilter filter)
    {
        var tests = filter.Chosen.Select(chosen => $"({Test(chosen.Key, chosen.Values)})").ToList();
        return tests is [] ? "" : $"WHERE {string.Join(" AND ", tests)}";
    }

    private string Test(FilterKey key, IReadOnlyList<string> values) => key.Name switch
    {
        "q" => string.Join(" AND ", values[0].Split(' ').Select(word => hasWord(word.Replace("'", "''", StringComparison.Ordinal)))),
        "params" => "parameters BETWEEN 500000000 AND 8000000000",
        "created" => $"created_at >= '{values[0][..4]}-01-01'",
        "org" => $"author = '{values[0].Replace("'", "''", StringComparison.Ordinal)}'",
        "lang" => string.Join(" OR ", Numbers(key, values).Select(number => hasAny("language_ids", number))),
        "tag" => string.Join(" OR ", Numbers(key, values).Select(number => hasAny("tag_ids", number))),
        var name => string.Join(" OR ", Numbers(key, values).Select(number => string.Create(CultureInfo.InvariantCulture, $"{Column(name)} {(number < 0 ? "IS NULL" : $"= {number}")}"))),
    };

    private IEnumerable<int> Numbers(FilterKey key, IReadOnlyList<string> values) => values.SelectMany(value => ((FacetKey)key).NumbersOf(index, value)).Distinct();

    private static string Column(string key) => key switch { "conf" => "basis", "license" => "license_id", "task" => "task_id", "lib" => "library_id", "gated" => "gating", _ => key };

    private static string Sort(CatalogSort sort) => sort switch { CatalogSort.Params => "parameters", CatalogSort.Updated => "modified_at", CatalogSort.Created => "created_at", _ => sort.Id() };
}
