using System.Text;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Web.Catalog.Index;

/// <summary>What the database's numbers of names and licences stand for. Authors are not among them: a model's name holds its author's.</summary>
internal sealed class Terms
{
    public static readonly Terms None = new([], [], new([], [0]), []);

    private readonly int[] _numbers; // rising; the rest by their places among them
    private readonly byte[] _kinds;
    private readonly NameTable _names;
    private readonly int[] _byName; // by kind, then by name
    private readonly Dictionary<int, CatalogLicense> _licenses;
    private readonly ILookup<string, int> _licensesByName;

    private Terms(int[] numbers, byte[] kinds, NameTable names, Dictionary<int, CatalogLicense> licenses, int[]? byName = null)
    {
        (_numbers, _kinds, _names, _licenses) = (numbers, kinds, names, licenses);
        _byName = byName ?? RadixSort.Order(Array.ConvertAll(kinds, kind => (ulong)kind), names.Order([.. Enumerable.Range(0, names.Count)]));
        _licensesByName = licenses.Values.SelectMany(license => new[] { license.Key, license.SpdxId }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase), (license, name) => (name, license.Id))
            .ToLookup(named => named.name, named => named.Id, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The highest number seen; names have numbers in the order they came.</summary>
    public int Last => _numbers is [.., var last] ? last : 0;

    public IReadOnlyCollection<CatalogLicense> Licenses => _licenses.Values;

    public string? Name(int number) => Array.BinarySearch(_numbers, number) is >= 0 and var place ? _names.Text(place) : null;

    public ReadOnlySpan<byte> Utf8(int number) => Array.BinarySearch(_numbers, number) is >= 0 and var place ? _names[place] : [];

    public int? Find(TermKind kind, string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name);
        var (low, high) = (0, _byName.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var place = _byName[middle];
            var compared = _kinds[place] != (byte)kind ? _kinds[place] - (int)kind : _names[place].SequenceCompareTo(wanted);
            if (compared == 0) return _numbers[place];
            if (compared < 0) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }

    public CatalogLicense? License(int number) => _licenses.GetValueOrDefault(number);

    /// <summary>Licences of this key or SPDX id, in any letter case.</summary>
    public IEnumerable<int> FindLicenses(string name) => _licensesByName[name];

    /// <summary>With names that are new, numbers rising, and the licences as they are now.</summary>
    public Terms With(TermTable added, IEnumerable<CatalogLicense> licenses)
    {
        var known = licenses.ToDictionary(license => license.Id);
        if (added.Numbers is []) return new(_numbers, _kinds, _names, known, _byName);
        var names = new NameTable.Builder();
        names.Add(_names);
        names.Add(added.Names.Build());
        return new([.. _numbers, .. added.Numbers], [.. _kinds, .. added.Kinds], names.Build(), known);
    }
}

/// <summary>Names with their numbers, numbers rising, as they are being read.</summary>
internal sealed class TermTable
{
    public List<int> Numbers { get; } = [];

    public List<byte> Kinds { get; } = [];

    public NameTable.Builder Names { get; } = new();

    public void Add(int number, TermKind kind, ReadOnlySpan<byte> name)
    {
        Numbers.Add(number);
        Kinds.Add((byte)kind);
        Names.Add(name);
    }
}
