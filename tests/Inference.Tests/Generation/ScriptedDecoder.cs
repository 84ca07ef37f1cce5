using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Tests.Generation;

/// <summary>A decoder that follows a script: behind a text stands what a function says of it. Counts what it was made to read.</summary>
internal sealed class ScriptedDecoder(int vocabulary, int slots, Func<IReadOnlyList<int>, int> next, int context = 1000) : IDecoder
{
    private readonly List<int>[] _slots = [.. Enumerable.Range(0, slots).Select(_ => new List<int>())];

    public int Vocabulary => vocabulary;
    public int Context => context;
    public int Slots => slots;
    public int Chunk(int length) => 8;
    public int Read { get; private set; }
    public List<int> Batches { get; } = [];
    public Action? BeforeRun { get; init; }

    public ReadOnlySpan<int> Tokens(int slot) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_slots[slot]);

    public ReadOnlySpan<float> Append(int slot, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        BeforeRun?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        _slots[slot].AddRange(tokens);
        Read += tokens.Length;
        return Logits(slot);
    }

    public ReadOnlySpan<float> AppendForAll(int slot, ReadOnlySpan<int> tokens, int goal, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ReadOnlySpan<float> Advance(int first, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        BeforeRun?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        Batches.Add(tokens.Length);
        var logits = new List<float>();
        for (var i = 0; i < tokens.Length; i++)
        {
            _slots[first + i].Add(tokens[i]);
            logits.AddRange(Logits(first + i));
        }
        return logits.ToArray();
    }

    public int Truncate(int slot, int length)
    {
        var kept = Math.Min(length, _slots[slot].Count);
        _slots[slot].RemoveRange(kept, _slots[slot].Count - kept);
        return kept;
    }

    public void Copy(int source, int target)
    {
        if (source != target) (_slots[target]) = [.. _slots[source]];
    }

    public void Dispose() { }

    private float[] Logits(int slot)
    {
        var logits = new float[vocabulary];
        logits[next(_slots[slot])] = 10;
        return logits;
    }
}
