namespace ModelAtlas.Domain.Lineage;

/// <summary>
/// Finds a model by the name that prose gives it: an id, or the last part of one as people write it ("Pythia 12B" for <c>owner/pythia-12b</c>).
/// Only whole names count. A name that several owners use decides nothing, and nothing is ever matched by how a name begins.
/// </summary>
public sealed class ModelNames
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _spoken = new(StringComparer.Ordinal);

    public void Add(string id)
    {
        if (!_ids.TryAdd(id, id)) return;
        var name = Spoken(id[(id.LastIndexOf('/') + 1)..]);
        if (name.Length > 0) _spoken[name] = _spoken.ContainsKey(name) ? null : id;
    }

    public string? Find(string named) =>
        _ids.GetValueOrDefault(named) ?? (named.Contains('/', StringComparison.Ordinal) ? null : _spoken.GetValueOrDefault(Spoken(named)));

    private static string Spoken(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
