using System.Numerics;

namespace ModelAtlas.Domain.Lineage;

/// <summary>All that any model may be called, by the hash of it: chains in three arrays, because half a million small lists would be a burden.</summary>
public sealed class SpokenNames
{
    private const int LongestName = 256;

    private readonly List<(int Hash, int Model, int Next)> _said = [];
    private readonly int[] _chains;
    private readonly Func<int, string> _id;

    public SpokenNames(IReadOnlyList<string> ids)
        : this(ids.Count, at => ids[at])
    {
    }

    /// <param name="id">An id by its place, 0 to one below <paramref name="count"/>.</param>
    public SpokenNames(int count, Func<int, string> id)
    {
        _id = id;
        Span<char> letters = stackalloc char[LongestName];
        for (var model = 0; model < count; model++)
        {
            var name = ModelNames.Last(id(model));
            if (name.Length > letters.Length) continue; // no name is that long
            while (true)
            {
                var length = ModelNames.Speak(name, letters);
                if (length > 0) _said.Add((string.GetHashCode(letters[..length], StringComparison.Ordinal), model, -1));
                var tail = ModelNames.Tail(name);
                if (tail == 0 || tail == name.Length) break;
                name = name[..^tail];
            }
        }
        _chains = new int[BitOperations.RoundUpToPowerOf2((uint)_said.Count + 1)];
        Array.Fill(_chains, -1);
        for (var at = 0; at < _said.Count; at++)
        {
            ref var chain = ref _chains[_said[at].Hash & (_chains.Length - 1)];
            _said[at] = _said[at] with { Next = chain };
            chain = at;
        }
    }

    public IEnumerable<string> Of(int hash)
    {
        for (var at = _chains[hash & (_chains.Length - 1)]; at >= 0; at = _said[at].Next)
        {
            if (_said[at].Hash == hash) yield return _id(_said[at].Model);
        }
    }
}
