using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Lineage;

/// <summary>
/// Finds a model by the name that prose gives it: an id, or the last part of one as people write it ("Pythia 12B" for <c>owner/pythia-12b</c>).
/// Only whole names count. A name that several owners use decides nothing, and nothing is ever matched by how a name begins.
/// </summary>
public sealed partial class ModelNames
{
    private readonly Func<string, string?> _exact;
    private readonly Lazy<SpokenNames> _said;

    public ModelNames(IEnumerable<string> ids)
    {
        Dictionary<string, string> byId = new(StringComparer.OrdinalIgnoreCase);
        foreach (var id in ids) byId.TryAdd(id, id);
        _exact = named => byId.GetValueOrDefault(named);
        _said = new(() => SpokenNames.Of([.. byId.Keys]));
    }

    /// <param name="spoken">All names. They are gone through when a name is looked up that is none of the ids.</param>
    /// <param name="exact">The id that is spelled so, in whatever letter case.</param>
    public ModelNames(Func<SpokenNames> spoken, Func<string, string?> exact)
    {
        _exact = exact;
        _said = new(spoken);
    }

    /// <summary>True when a name as prose gives it is this id's own: a card that speaks of its model names no base.</summary>
    public static bool AreSame(string named, string id) =>
        string.Equals(named, id, StringComparison.OrdinalIgnoreCase) || (!named.Contains('/', StringComparison.Ordinal) && Spoken(named) == Spoken(Last(id)));

    public string? Find(string named)
    {
        if (_exact(named) is { } id) return id;
        if (named.Contains('/', StringComparison.Ordinal)) return null;
        var spoken = Spoken(named);
        return Of(spoken).Where(model => Spoken(Last(model)) == spoken).Take(2).ToList() is [var only] ? only : null;
    }

    /// <summary>
    /// The sizes and versions of a model that prose names without one: "T5" is <c>t5-small</c>, <c>t5-base</c> and so on, and nothing with any other word in its name
    /// (a name without a number, such as "BERT", is a design that many share);
    /// and those of one name that belong to several owners.
    /// </summary>
    public IReadOnlyList<string> Sizes(string named) =>
        !named.Contains('/', StringComparison.Ordinal) && named.Any(char.IsAsciiDigit) && Spoken(named) is { Length: > 0 } spoken ? [.. Of(spoken).Where(id => SpokenOf(id).Contains(spoken))] : [];

    /// <summary>Ids that may be called so: those whose hash agrees, for the caller to look at.</summary>
    private IEnumerable<string> Of(string spoken) => _said.Value.Of(string.GetHashCode(spoken, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>What prose may call a model: its name, and what is left of it without size, version and format. Each is how the one before begins.</summary>
    public static List<string> SpokenOf(string id)
    {
        List<string> spoken = [];
        var name = Last(id);
        while (true)
        {
            if (Spoken(name) is { Length: > 0 } said) spoken.Add(said);
            var tail = Tail(name);
            if (tail == 0 || tail == name.Length) return spoken;
            name = name[..^tail];
        }
    }

    public static ReadOnlySpan<char> Last(string id) => id.AsSpan(id.LastIndexOf('/') + 1);

    /// <summary>Length of the size, version or format at the end of a name, with the dash before it; 0 when it ends in none.</summary>
    internal static int Tail(ReadOnlySpan<char> name)
    {
        if (!MayBeTail(name[(name.LastIndexOfAny("-_ ") + 1)..])) return 0;
        foreach (var tail in SizeOrVersion().EnumerateMatches(name)) return tail.Length;
        return 0;
    }

    /// <summary>Without punctuation and letter case, and without the v of a version: "SD v1.5" and "SD 1.5" are one name.</summary>
    public static string Spoken(ReadOnlySpan<char> name)
    {
        Span<char> letters = name.Length <= 256 ? stackalloc char[name.Length] : new char[name.Length];
        return letters[..Speak(name, letters)].ToString();
    }

    internal static int Speak(ReadOnlySpan<char> name, Span<char> letters)
    {
        var length = 0;
        for (var at = 0; at < name.Length; at++)
        {
            if (!char.IsLetterOrDigit(name[at])) continue;
            var isVersion = name[at] is 'v' or 'V' && at > 0 && !char.IsLetterOrDigit(name[at - 1]) && at + 1 < name.Length && char.IsAsciiDigit(name[at + 1]);
            if (!isVersion) letters[length++] = char.ToLowerInvariant(name[at]);
        }
        return length;
    }

    /// <summary>Half a million names take a moment, and few of them end in what the expression looks for: in a number, a v, or one of its words, none of them long.</summary>
    private static bool MayBeTail(ReadOnlySpan<char> last) =>
        last is [var first, ..] && (char.IsDigit(first) || first is 'v' or 'V' || (last.Length is > 1 and < 8 && "htmsblxgHTMSBLXG".Contains(first, StringComparison.Ordinal)));

    // Read from its end, where it is anchored.
    [GeneratedRegex(@"[-_ ](v\d+([._-]\d+)*|\d[\d.x]*[bm]|hf|tiny|mini|small|medium|base|large|xlarge|xxlarge|xl|xxl|huge|giant)$", RegexOptions.IgnoreCase | RegexOptions.RightToLeft, 1000)]
    private static partial Regex SizeOrVersion();
}
