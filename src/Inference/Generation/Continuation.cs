using System.Diagnostics;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Generation;

/// <summary>A text in the making: what one prompt has become so far. Knows nothing of decoders or slots.</summary>
public sealed class Continuation
{
    private readonly GenerationRequest _request;
    private readonly Sampler _sampler;
    private readonly StopMatcher _stop;
    private readonly TokenText? _text;
    private readonly HashSet<int> _ends;
    private readonly List<int> _history;
    private readonly Action<GenerationEvent>? _onEvent;

    /// <param name="tokenizer">Null: ids only, no text and no stop strings.</param>
    /// <param name="onEvent">Told of each step; null for whoever reads the result only.</param>
    public Continuation(GenerationRequest request, ITokenizer? tokenizer, CancellationToken cancellationToken, Action<GenerationEvent>? onEvent = null)
    {
        _request = request;
        _sampler = new(request.Sampling, new(request.Seed));
        _stop = new(request.Stop);
        _text = tokenizer is null ? null : new(tokenizer, request.Prompt);
        _ends = [.. request.EndIds];
        _history = [.. request.Prompt];
        _history.EnsureCapacity(request.Prompt.Count + Math.Clamp(request.MaxNewTokens, 0, 4096));
        _onEvent = onEvent;
        Cancel = cancellationToken;
    }

    public ReadOnlySpan<int> Prompt => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_history)[..PromptTokens];

    public int PromptTokens => _request.Prompt.Count;

    /// <summary>The generated tokens.</summary>
    public IEnumerable<int> Ids => _history.Skip(PromptTokens);

    public FinishReason? Finish { get; private set; }

    /// <summary>Which text of its request it is, from 0.</summary>
    public int Index { get; init; }

    public TimeSpan Prefill { get; private set; }
    public TimeSpan Decode { get; private set; }

    /// <summary>Prompt tokens that did not have to be read again.</summary>
    public int Reused { get; internal set; }

    internal CancellationToken Cancel { get; }
    internal int Last => _history[^1];
    internal int Generated => _history.Count - PromptTokens;

    internal void Spend(long since, bool onPrompt)
    {
        var time = Stopwatch.GetElapsedTime(since);
        if (onPrompt) Prefill += time;
        else Decode += time;
    }

    /// <summary>Takes the logits behind the last token and goes on, or ends.</summary>
    /// <param name="room">Tokens the decoder can still take.</param>
    internal void Accept(ReadOnlySpan<float> logits, int room)
    {
        if (_request.MaxNewTokens <= 0)
        {
            End(FinishReason.Length);
            return;
        }
        var token = _sampler.Pick(logits, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_history));
        if (_ends.Contains(token))
        {
            End(FinishReason.Eos);
            return;
        }
        _history.Add(token);
        var shown = _text is null ? "" : _stop.Push(_text.Push(token));
        if (_stop.Stopped) Finish = FinishReason.Stop;
        else if (Generated >= _request.MaxNewTokens || room <= 0)
        {
            Finish = FinishReason.Length;
            shown += Rest();
            if (_stop.Stopped) Finish = FinishReason.Stop;
        }
        if (_onEvent is not null || _request.Logprobs is not null) Tell(new(token, shown, Finish), logits);
    }

    internal void End(FinishReason reason)
    {
        var rest = Rest();
        Finish = _stop.Stopped ? FinishReason.Stop : reason;
        _onEvent?.Invoke(new(null, rest, Finish));
    }

    private string Rest() => _text is null ? "" : _stop.Push(_text.Finish()) + _stop.Finish();

    private void Tell(GenerationEvent step, ReadOnlySpan<float> logits) => _onEvent?.Invoke(_request.Logprobs is { } alternatives && step.Token is { } token
        ? step with { LogProbability = LogProbabilities.Of(logits, token), Alternatives = LogProbabilities.Likeliest(logits, alternatives) }
        : step);
}
