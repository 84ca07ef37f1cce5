using System.Text;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;

namespace ModelAtlas.Web.Playground.OpenAi;

/// <summary>Puts the steps of an order into answers, of chats or of texts to go on from.</summary>
internal sealed class AnswerWriter(TextOrder order, long created, bool chats)
{
    private readonly string _id = (chats ? "chatcmpl-" : "cmpl-") + Guid.NewGuid().ToString("N");
    private readonly bool[] _begun = new bool[order.Texts];
    private readonly int[] _offsets = new int[order.Texts];
    private readonly DoneMessage?[] _done = new DoneMessage?[order.Texts];

    public UsageAnswer Usage => new(_done.Max(done => done?.PromptTokens ?? 0), _done.Sum(done => done?.NewTokens ?? 0));

    /// <summary>One answer with all texts, when they are complete.</summary>
    public CompletionAnswer Whole(IReadOnlyList<TextStep> steps)
    {
        var choices = Enumerable.Range(0, order.Texts).Select(index =>
        {
            List<PieceMessage> pieces = [.. steps.OfType<TextStep.Piece>().Where(step => step.Index == index).Select(step => step.Message)];
            var text = string.Concat(pieces.Select(piece => piece.Text));
            var done = _done[index] = steps.OfType<TextStep.Done>().First(step => step.Index == index).Message;
            return new Choice(index)
            {
                Message = chats ? new("assistant", text) : null,
                Text = chats ? null : text,
                FinishReason = Reason(done.Finish),
                Logprobs = Logprobs(pieces, index),
                Seed = done.Seed,
                Tokens = done.NewTokens,
            };
        }).ToList();
        return Answer(chats ? "chat.completion" : "text_completion", choices) with { Usage = Usage };
    }

    /// <summary>The answer of one step; null where it has none.</summary>
    public CompletionAnswer? Chunk(TextStep step)
    {
        switch (step)
        {
            case TextStep.Piece { Index: var index, Message: var piece }:
                var first = !_begun[index];
                _begun[index] = true;
                return Chunk(new Choice(index) { Delta = chats ? new(first ? "assistant" : null, piece.Text) : null, Text = chats ? null : piece.Text, Logprobs = Logprobs([piece], index) });
            case TextStep.Done { Index: var index, Message: var done }:
                _done[index] = done;
                return Chunk(new Choice(index) { Delta = chats ? new(null, null) : null, Text = chats ? null : "", FinishReason = Reason(done.Finish), Seed = done.Seed, Tokens = done.NewTokens });
            default: return null;
        }
    }

    /// <summary>The last chunk of a stream whose caller wants to know what it took.</summary>
    public CompletionAnswer UsageChunk() => Answer(chats ? "chat.completion.chunk" : "text_completion", []) with { Usage = Usage };

    private CompletionAnswer Chunk(Choice choice) => Answer(chats ? "chat.completion.chunk" : "text_completion", [choice]);

    private CompletionAnswer Answer(string kind, IReadOnlyList<Choice> choices) => new(_id, kind, created, order.Model.Id, choices) { SystemFingerprint = order.Model.Revision?[..10] };

    private static string Reason(FinishReason finish) => finish == FinishReason.Length ? "length" : "stop";

    private object? Logprobs(List<PieceMessage> pieces, int index)
    {
        if (order.Logprobs is null) return null;
        List<ToldToken> told = [.. pieces.SelectMany(piece => piece.Told ?? [])];
        if (chats) return new ChatLogprobs([.. told.Select(token => Of(token.Text, token.LogProbability, token.Alternatives))]);
        List<int> offsets = [];
        foreach (var token in told)
        {
            offsets.Add(_offsets[index]);
            _offsets[index] += token.Text.Length;
        }
        return new TextLogprobs(
            [.. told.Select(token => token.Text)],
            [.. told.Select(token => token.LogProbability)],
            [.. told.Select(token => token.Alternatives.DistinctBy(TextOf).ToDictionary(TextOf, other => other.LogProbability))],
            offsets);
    }

    private static string TextOf(TokenLogProbability token) => token.Text ?? $"<{token.Token}>";

    private static ChatTokenLogprob Of(string text, float probability, IReadOnlyList<TokenLogProbability>? alternatives) => new(
        text, probability, [.. Encoding.UTF8.GetBytes(text).Select(letter => (int)letter)], alternatives is null ? null : [.. alternatives.Select(other => Of(TextOf(other), other.LogProbability, null))]);
}
