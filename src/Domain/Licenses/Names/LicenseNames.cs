using System.Collections.Frozen;
using System.Text;

namespace ModelAtlas.Domain.Licenses.Names;

/// <summary>
/// The names licences go by, at three depths: as spelled, in words (dashes, quotes and case do not matter), and in words that carry meaning
/// ("the", "license", "version" do not). A deeper name is only asked when the one above it knows nothing; a name that several licences share stays ambiguous.
/// </summary>
internal sealed class LicenseNames
{
    private const int LongestName = 256;
    private const int MostWords = 48;

    // Words so common that alone they say nothing; as the exact value of a field they are what the alias table says.
    private static readonly FrozenSet<string> TooCommon = FrozenSet.ToFrozenSet(
        ["", "model", "commercial", "closed", "other", "unknown", "yi", "orion", "solar", "index model", "modified mit", "terms of service"], StringComparer.Ordinal);

    private readonly FrozenDictionary<string, LicenseName> _spelled;
    private readonly FrozenDictionary<string, LicenseName> _worded;
    private readonly FrozenDictionary<string, LicenseName> _meant;
    private readonly LicensePages _pages;

    public LicenseNames(IReadOnlyList<License> licenses)
    {
        var names = licenses.SelectMany(license => license.Aliases.Append(license.Id), (license, alias) => (Alias: NameWords.PlainPunctuation(alias), License: license)).ToList();
        _spelled = Table(names, name => name, StringComparer.OrdinalIgnoreCase);
        _worded = Table(names, name => string.Join(' ', NameWords.Split(name)), StringComparer.Ordinal);
        _meant = Table(names, name => NameWords.Meaning(NameWords.Split(name)), StringComparer.Ordinal, leaveOut: TooCommon);
        _pages = new(licenses);
    }

    public LicenseName Resolve(string declared)
    {
        if (Ascii.IsValid(declared) && _spelled.TryGetValue(declared, out var known)) return known;
        if (string.IsNullOrWhiteSpace(declared)) return LicenseName.NotKnown("No licence is named.");
        if (declared.Length > LongestName) return LicenseName.NotKnown($"A licence name has at most {LongestName} characters; this is a text.");
        var plain = NameWords.PlainPunctuation(declared).Trim();
        if (!Ascii.IsValid(plain)) return NotPlain(plain);
        if (_spelled.TryGetValue(plain, out known)) return known;
        if (_pages.Find(plain) is { } onPage) return LicenseName.Of(onPage);
        var words = NameWords.Split(plain);
        return words.Count > MostWords
            ? LicenseName.NotKnown($"A licence name has at most {MostWords} words; this is a text.")
            : new LicenseExpression(words, this).Read();
    }

    /// <summary>The licence that a run of words names, or null.</summary>
    public LicenseName? Find(IReadOnlyList<string> words) => words switch
    {
        [var link] when _pages.Find(link) is { } onPage => LicenseName.Of(onPage),
        _ when _worded.TryGetValue(string.Join(' ', words), out var worded) => worded,
        _ => _meant.GetValueOrDefault(NameWords.Meaning(words)),
    };

    private LicenseName NotPlain(string name)
    {
        var looksLike = NameWords.Skeleton(name);
        return LicenseName.NotKnown(looksLike != name && Ascii.IsValid(looksLike) && Resolve(looksLike) is { Match: not NameMatch.Unknown }
            ? $"It looks like \"{looksLike}\" but is written with other characters."
            : "It is written with characters that no known licence name has.");
    }

    private static FrozenDictionary<string, LicenseName> Table(
        IEnumerable<(string Alias, License License)> names, Func<string, string> key, StringComparer comparer, FrozenSet<string>? leaveOut = null) =>
        names.GroupBy(name => key(name.Alias), name => name.License, comparer)
            .Where(group => leaveOut?.Contains(group.Key) != true)
            .ToFrozenDictionary(group => group.Key, group => Named([.. group.Distinct()]), comparer);

    private static LicenseName Named(IReadOnlyList<License> licenses) => licenses is [var only] ? LicenseName.Of(only) : LicenseName.AnyOf(licenses);
}
