using System.Collections.Frozen;

namespace ModelAtlas.Domain.Lineage;

/// <summary>
/// Finds a model by the name that prose gives it: an id, or the last part of one as people write it ("Pythia 12B" for <c>owner/pythia-12b</c>).
/// Only whole names count. A name that several owners use decides nothing, and nothing is ever matched by how a name begins.
/// </summary>
public sealed class ModelNames
{
    private static readonly FrozenSet<string> SizeWords = FrozenSet.ToFrozenSet(
        ["tiny", "mini", "small", "medium", "base", "large", "xlarge", "xxlarge", "xl", "xxl", "huge", "giant"], StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lazy<Dictionary<string, string?>> _spoken;
    private readonly Lazy<Dictionary<string, List<string>>> _sizes;

    public ModelNames(IEnumerable<string> ids)
    {
        foreach (var id in ids) _ids.TryAdd(id, id);
        _spoken = new(BySpokenName);
        _sizes = new(ByFamily);
    }

    public string? Find(string named) =>
        _ids.GetValueOrDefault(named) ?? (named.Contains('/', StringComparison.Ordinal) ? null : _spoken.Value.GetValueOrDefault(Spoken(named)));

    /// <summary>The sizes of a model that prose names without one: "T5" is <c>t5-small</c>, <c>t5-base</c> and so on, and nothing with any other word in its name.</summary>
    public IReadOnlyList<string> Sizes(string named) =>
        !named.Contains('/', StringComparison.Ordinal) && _sizes.Value.TryGetValue(Spoken(named), out var members) ? members : [];

    /// <summary>What prose may call a model: its name, and the name of its family where it ends with a size.</summary>
    public static IEnumerable<string> SpokenOf(string id)
    {
        yield return Spoken(Last(id));
        if (Family(id) is { } family) yield return family;
    }

    /// <summary>A name as it is said: letters and digits only, whatever stands between them.</summary>
    public static string Spoken(ReadOnlySpan<char> name)
    {
        Span<char> letters = name.Length <= 256 ? stackalloc char[name.Length] : new char[name.Length];
        var length = 0;
        foreach (var letter in name)
        {
            if (char.IsLetterOrDigit(letter)) letters[length++] = char.ToLowerInvariant(letter);
        }
        return letters[..length].ToString();
    }

    public static ReadOnlySpan<char> Last(string id) => id.AsSpan(id.LastIndexOf('/') + 1);

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
            if (Family(id) is not { } family) continue;
            if (!byFamily.TryGetValue(family, out var members)) byFamily[family] = members = [];
            members.Add(id);
        }
        return byFamily;
    }

    private static string? Family(string id)
    {
        var name = Last(id);
        var cut = name.LastIndexOfAny('-', '_', ' ');
        return cut > 0 && IsSize(name[(cut + 1)..]) ? Spoken(name[..cut]) : null;
    }

    private static bool IsSize(ReadOnlySpan<char> word) =>
        word is [>= '0' and <= '9', .., 'b' or 'B' or 'm' or 'M'] ? word[..^1].IndexOfAnyExceptInRange('.', '9') < 0 : SizeWords.Contains(word.ToString());
}
