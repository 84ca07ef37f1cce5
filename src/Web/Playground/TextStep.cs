using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Scheduling;

namespace ModelAtlas.Web.Playground;

/// <summary>What happens to an order, in the order in which it happens.</summary>
internal abstract record TextStep
{
    /// <summary>It waits.</summary>
    /// <param name="Before">Requests that come before it.</param>
    /// <param name="Wait">About how long; null where nothing was timed yet.</param>
    internal sealed record Queued(int Before, TimeSpan? Wait) : TextStep;

    /// <summary>It waits for the other side of its comparison: both models together do not fit into memory.</summary>
    internal sealed record MakesWay : TextStep;

    /// <summary>The model comes into memory.</summary>
    internal sealed record Loading(LoadProgress Progress) : TextStep;

    /// <summary>What the model reads now, control tokens and all.</summary>
    /// <param name="Host">What it is read by; null when its process has just ended.</param>
    internal sealed record Prompt(string Text, int Tokens, LoadedMessage? Host) : TextStep;

    /// <param name="Index">Which of the texts.</param>
    internal sealed record Piece(int Index, PieceMessage Message) : TextStep;

    internal sealed record Done(int Index, DoneMessage Message) : TextStep;
}
