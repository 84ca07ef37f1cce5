using System.Text.RegularExpressions;

namespace ModelAtlas.Domain.Lineage;

/// <summary>
/// Finds a model by the name that prose gives it: an id, or the last part of one as people write it ("Pythia 12B" for <c>owner/pythia-12b</c>).
/// Only whole names count. A name that several owners use decides nothing, and nothing is ever matched by how a name begins.
/// </summary>
public sealed partial class ModelNames
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _spoken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _sizes = new(StringComparer.Ordinal);

    public void Add(string id)
    {
        if (!_ids.TryAdd(id, id)) return;
        var last = id[(id.LastIndexOf('/') + 1)..];
        var name = Spoken(last);
        if (name.Length == 0) return;
        _spoken[name] = _spoken.ContainsKey(name) ? null : id;
        if (Size().Match(last) is { Success: true, Index: > 0 } size)
        {
            var family = Spoken(last[..size.Index]);
            if (!_sizes.TryGetValue(family, out var members)) _sizes[family] = members = [];
            members.Add(id);
        }
    }

    public string? Find(string named) =>
        _ids.GetValueOrDefault(named) ?? (named.Contains('/', StringComparison.Ordinal) ? null : _spoken.GetValueOrDefault(Spoken(named)));

    /// <summary>The sizes of a model that prose names without one: "T5" is <c>t5-small</c>, <c>t5-base</c> and so on, and nothing with any other word in its name.</summary>
    public IReadOnlyList<string> Sizes(string named) =>
        !named.Contains('/', StringComparison.Ordinal) && _sizes.TryGetValue(Spoken(named), out var members) ? members : [];

    private static string Spoken(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(@"[-_. ](tiny|mini|small|medium|base|large|x+-?large|x+l|huge|giant|\d+([._]\d+)?[bm])$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Size();
}
