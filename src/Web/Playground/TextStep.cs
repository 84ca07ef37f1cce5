using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;

namespace ModelAtlas.Web.Playground;

/// <summary>What happens to an order, in the order in which it happens.</summary>
internal abstract record TextStep
{
    /// <summary>It waits; so many are before it.</summary>
    internal sealed record Queued(int Before) : TextStep;

    /// <summary>The model comes into memory.</summary>
    internal sealed record Loading(long Bytes) : TextStep;

    /// <summary>The model reads the prompt.</summary>
    internal sealed record Reading : TextStep;

    /// <summary>What the model reads, control tokens and all.</summary>
    internal sealed record Prompt(string Text, int Tokens) : TextStep;

    /// <param name="Index">Which of the texts.</param>
    internal sealed record Piece(int Index, PieceMessage Message) : TextStep;

    internal sealed record Done(int Index, DoneMessage Message) : TextStep;
}
