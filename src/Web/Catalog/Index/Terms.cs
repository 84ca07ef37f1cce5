using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>What the database's numbers of names and licences stand for. Authors are not among them: a model's name holds its author's.</summary>
internal sealed class Terms
{
    public static readonly Terms None = new([], [], 0, []);

    private readonly Dictionary<int, string> _names;
    private readonly Dictionary<(TermKind, string), int> _numbers;
    private readonly Dictionary<int, CatalogLicense> _licenses;
    private readonly ILookup<string, int> _licensesByName;

    private Terms(Dictionary<int, string> names, Dictionary<(TermKind, string), int> numbers, int last, Dictionary<int, CatalogLicense> licenses)
    {
        (_names, _numbers, Last, _licenses) = (names, numbers, last, licenses);
        _licensesByName = licenses.Values.SelectMany(license => new[] { license.Key, license.SpdxId }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase), (license, name) => (name, license.Id))
            .ToLookup(named => named.name, named => named.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The highest number seen; names have numbers in the order they came.</summary>
    public int Last { get; }

    public IReadOnlyCollection<CatalogLicense> Licenses => _licenses.Values;

    public string? Name(int number) => _names.GetValueOrDefault(number);

    public int? Find(TermKind kind, string name) => _numbers.TryGetValue((kind, name), out var number) ? number : null;

    public CatalogLicense? License(int number) => _licenses.GetValueOrDefault(number);

    /// <summary>Licences of this key or SPDX id, in any letter case.</summary>
    public IEnumerable<int> FindLicenses(string name) => _licensesByName[name];

    /// <summary>With names that are new, and the licences as they are now.</summary>
    public Terms With(IReadOnlyCollection<(int Number, TermKind Kind, string Name)> added, IEnumerable<CatalogLicense> licenses)
    {
        var (names, numbers) = (_names, _numbers);
        if (added.Count > 0) (names, numbers) = (new(_names), new(_numbers));
        foreach (var (number, kind, name) in added) (names[number], numbers[(kind, name)]) = (name, number);
        return new(names, numbers, added.Count > 0 ? Math.Max(Last, added.Max(term => term.Number)) : Last, licenses.ToDictionary(license => license.Id));
    }
}
