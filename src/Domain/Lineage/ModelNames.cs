using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Lineage;

/// <summary>
/// Finds a model by the name that prose gives it: an id, or the last part of one as people write it ("Pythia 12B" for <c>owner/pythia-12b</c>).
/// Only whole names count. A name that several owners use decides nothing, and nothing is ever matched by how a name begins.
/// </summary>
public sealed partial class ModelNames
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<Dictionary<string, string?>> _spoken;
    private readonly Lazy<Dictionary<string, List<string>>> _sizes;

    public ModelNames(IEnumerable<string> ids)
    {
        foreach (var id in ids) _ids.TryAdd(id, id);
        _spoken = new(BySpokenName);
        _sizes = new(ByFamily);
    }

    /// <summary>True when a name as prose gives it is this id's own: a card that speaks of its model names no base.</summary>
    public static bool AreSame(string named, string id) =>
        string.Equals(named, id, StringComparison.OrdinalIgnoreCase) || (!named.Contains('/', StringComparison.Ordinal) && Spoken(named) == Spoken(Last(id)));

    public string? Find(string named) =>
        _ids.GetValueOrDefault(named) ?? (named.Contains('/', StringComparison.Ordinal) ? null : _spoken.Value.GetValueOrDefault(Spoken(named)));

    /// <summary>
    /// The sizes and versions of a model that prose names without one: "T5" is <c>t5-small</c>, <c>t5-base</c> and so on, and nothing with any other word in its name
    /// (a name without a number, such as "BERT", is a design that many share);
    /// and those of one name that belong to several owners.
    /// </summary>
    public IReadOnlyList<string> Sizes(string named) =>
        !named.Contains('/', StringComparison.Ordinal) && named.Any(char.IsAsciiDigit) && _sizes.Value.TryGetValue(Spoken(named), out var members) ? members : [];

    private Dictionary<string, string?> BySpokenName()
    {
        Dictionary<string, string?> byName = new(_ids.Count, StringComparer.Ordinal);
        foreach (var id in _ids.Keys)
        {
            if (Spoken(Last(id)) is not { Length: > 0 } name) continue;
            if (!byName.TryAdd(name, id)) byName[name] = null;
        }
        return byName;
    }

    private Dictionary<string, List<string>> ByFamily()
    {
        Dictionary<string, List<string>> byFamily = new(StringComparer.Ordinal);
        foreach (var id in _ids.Keys)
        {
            foreach (var family in SpokenOf(id))
            {
                if (!byFamily.TryGetValue(family, out var members)) byFamily[family] = members = [];
                members.Add(id);
            }
        }
        return byFamily;
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
        var length = 0;
        for (var at = 0; at < name.Length; at++)
        {
            if (!char.IsLetterOrDigit(name[at])) continue;
            var isVersion = name[at] is 'v' or 'V' && at > 0 && !char.IsLetterOrDigit(name[at - 1]) && at + 1 < name.Length && char.IsAsciiDigit(name[at + 1]);
            if (!isVersion) letters[length++] = char.ToLowerInvariant(name[at]);
        }
        return letters[..length].ToString();
    }

    [GeneratedRegex(@"[-_ ](v\d+([._-]\d+)*|\d[\d.x]*[bm]|hf|tiny|mini|small|medium|base|large|xlarge|xxlarge|xl|xxl|huge|giant)$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SizeOrVersion();
}
