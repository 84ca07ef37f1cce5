using System.Numerics;

namespace ModelAtlas.Domain.Lineage;

/// <summary>All that any model may be called, by the hash of it: chains in arrays, because half a million small lists would be a burden. All models are added before any name is looked up.</summary>
/// <param name="id">The id of a model by its number.</param>
public sealed class SpokenNames(Func<int, string> id)
{
    private const int LongestName = 256;

    private readonly List<(int Hash, int Model)> _said = [];
    private readonly Lock _turn = new();
    private (int[] Heads, int[] Next)? _chains;

    public static SpokenNames Of(IReadOnlyList<string> ids)
    {
        var names = new SpokenNames(at => ids[at]);
        for (var at = 0; at < ids.Count; at++) names.Add(at, ids[at]);
        return names;
    }

    public void Add(int model, ReadOnlySpan<char> modelId)
    {
        Span<char> letters = stackalloc char[LongestName];
        var name = modelId[(modelId.LastIndexOf('/') + 1)..];
        if (name.Length > letters.Length) return; // no name is that long
        while (true)
        {
            var length = ModelNames.Speak(name, letters);
            if (length > 0) _said.Add((string.GetHashCode(letters[..length], StringComparison.Ordinal), model));
            var tail = ModelNames.Tail(name);
            if (tail == 0 || tail == name.Length) return;
            name = name[..^tail];
        }
    }

    public IEnumerable<string> Of(int hash)
    {
        var (heads, next) = Chains();
        for (var at = heads[hash & (heads.Length - 1)]; at >= 0; at = next[at])
        {
            if (_said[at].Hash == hash) yield return id(_said[at].Model);
        }
    }

    private (int[] Heads, int[] Next) Chains()
    {
        lock (_turn)
        {
            if (_chains is { } known) return known;
            var (heads, next) = (new int[BitOperations.RoundUpToPowerOf2((uint)_said.Count + 1)], new int[_said.Count]);
            Array.Fill(heads, -1);
            for (var at = 0; at < next.Length; at++)
            {
                ref var head = ref heads[_said[at].Hash & (heads.Length - 1)];
                (next[at], head) = (head, at);
            }
            _chains = (heads, next);
            return (heads, next);
        }
    }
}
