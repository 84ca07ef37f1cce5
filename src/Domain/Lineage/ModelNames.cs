using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Lineage;

/// <summary>
/// Finds a model by the name that prose gives it: an id, or the last part of one as people write it ("Pythia 12B" for <c>owner/pythia-12b</c>).
/// Only whole names count. A name that several owners use decides nothing, and nothing is ever matched by how a name begins.
/// </summary>
public sealed partial class ModelNames
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<Said[]> _said;

    public ModelNames(IEnumerable<string> ids)
    {
        foreach (var id in ids) _ids.TryAdd(id, id);
        _said = new(All);
    }

    /// <summary>True when a name as prose gives it is this id's own: a card that speaks of its model names no base.</summary>
    public static bool AreSame(string named, string id) =>
        string.Equals(named, id, StringComparison.OrdinalIgnoreCase) || (!named.Contains('/', StringComparison.Ordinal) && Spoken(named) == Spoken(Last(id)));

    public string? Find(string named)
    {
        if (_ids.TryGetValue(named, out var id)) return id;
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
    private IEnumerable<string> Of(string spoken)
    {
        var (said, hash) = (_said.Value, string.GetHashCode(spoken, StringComparison.Ordinal));
        for (var at = FirstOf(said, hash); at < said.Length && said[at].Hash == hash; at++) yield return said[at].Id;
    }

    private static int FirstOf(Said[] said, int hash)
    {
        var (low, high) = (0, said.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (said[middle].Hash < hash) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>All that any model may be called, by hash; half a million names take a moment of both hands.</summary>
    private Said[] All()
    {
        var said = _ids.Keys.AsParallel().SelectMany(Hashes).ToArray();
        Array.Sort(said, (one, other) => one.Hash != other.Hash ? one.Hash.CompareTo(other.Hash) : string.CompareOrdinal(one.Id, other.Id));
        return said;
    }

    private static List<Said> Hashes(string id)
    {
        List<Said> said = new(2);
        Span<char> letters = stackalloc char[256];
        for (var name = Last(id); ;)
        {
            if (name.Length > letters.Length) return said; // no name is that long
            var length = Speak(name, letters);
            if (length > 0) said.Add(new(string.GetHashCode(letters[..length], StringComparison.Ordinal), id));
            var tail = Tail(name);
            if (tail == 0 || tail == name.Length) return said;
            name = name[..^tail];
        }
    }

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
    private static int Tail(ReadOnlySpan<char> name)
    {
        foreach (var tail in SizeOrVersion().EnumerateMatches(name)) return tail.Length;
        return 0;
    }

    /// <summary>Without punctuation and letter case, and without the v of a version: "SD v1.5" and "SD 1.5" are one name.</summary>
    public static string Spoken(ReadOnlySpan<char> name)
    {
        Span<char> letters = name.Length <= 256 ? stackalloc char[name.Length] : new char[name.Length];
        return letters[..Speak(name, letters)].ToString();
    }

    private static int Speak(ReadOnlySpan<char> name, Span<char> letters)
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

    private readonly record struct Said(int Hash, string Id);

    // Read from its end, where it is anchored.
    [GeneratedRegex(@"[-_ ](v\d+([._-]\d+)*|\d[\d.x]*[bm]|hf|tiny|mini|small|medium|base|large|xlarge|xxlarge|xl|xxl|huge|giant)$", RegexOptions.IgnoreCase | RegexOptions.RightToLeft, 1000)]
    private static partial Regex SizeOrVersion();
}
