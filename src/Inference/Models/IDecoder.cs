namespace ModelAtlas.Inference.Models;

/// <summary>Tokens in, logits out. Holds several sequences, one a slot, and remembers what each has read. Used by one thread at a time.</summary>
/// <remarks>Spans returned are good until the next call.</remarks>
public interface IDecoder : IDisposable
{
    int Vocabulary { get; }

    /// <summary>Most tokens of a sequence.</summary>
    int Context { get; }

    int Slots { get; }

    /// <summary>Most tokens to be read at once of a text that gets so long.</summary>
    int Chunk(int length);

    /// <summary>The tokens that a slot holds.</summary>
    ReadOnlySpan<int> Tokens(int slot);

    /// <summary>Adds tokens to a sequence and gives the logits behind the last of them.</summary>
    ReadOnlySpan<float> Append(int slot, ReadOnlySpan<int> tokens, CancellationToken cancellationToken);

    /// <summary>As <see cref="Append"/>, with the logits behind each token, of a text that comes part by part.</summary>
    /// <param name="goal">Length of the whole text.</param>
    ReadOnlySpan<float> AppendForAll(int slot, ReadOnlySpan<int> tokens, int goal, CancellationToken cancellationToken);

    /// <summary>Adds one token to each of the slots from <paramref name="first"/> on and gives their logits one after the other.</summary>
    ReadOnlySpan<float> Advance(int first, ReadOnlySpan<int> tokens, CancellationToken cancellationToken);

    /// <summary>Forgets all tokens of a slot but the first so many, or all where the graph or the device cannot go back. Gives how many are left.</summary>
    int Truncate(int slot, int length);

    /// <summary>Makes one slot hold what another does.</summary>
    void Copy(int source, int target);
}
