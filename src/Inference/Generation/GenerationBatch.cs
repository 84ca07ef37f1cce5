using System.Diagnostics;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Generation;

/// <summary>Several texts in the making over one decoder: prompts are read chunk by chunk between steps that give each text one token. One thread.</summary>
/// <remarks>
/// The running texts hold the first slots; a slot behind them keeps what it last held, for the next prompt that begins alike.
/// The first text of a request goes before further texts of others, and those take half of the slots at most: whoever comes later finds a slot.
/// </remarks>
public sealed class GenerationBatch(IDecoder decoder, bool batches)
{
    private readonly List<Continuation> _waiting = [];
    private readonly List<Continuation> _running = [];
    private Continuation? _reading;
    private int _read;
    private int[] _tokens = new int[4];

    public bool IsIdle => _reading is null && _waiting.Count == 0 && _running.Count == 0;

    public int Running => _running.Count + (_reading is null ? 0 : 1);
    public int Waiting => _waiting.Count;

    public void Add(Continuation text) => _waiting.Add(text);

    /// <summary>One round: a chunk of a prompt if there is one to read, then a token for each running text. False when there was nothing to do.</summary>
    public bool Step()
    {
        if (IsIdle) return false;
        DropCancelled();
        if (_reading is null && _waiting.MinBy(text => text.Index) is { } next && _running.Count < (next.Index == 0 ? decoder.Slots : Math.Max(1, decoder.Slots / 2)))
        {
            _waiting.Remove(next);
            Begin(next);
        }
        if (_reading is not null) Read(_reading);
        if (_running.Count > 0) Advance();
        return true;
    }

    /// <summary>To the end of all texts.</summary>
    public void Run()
    {
        while (Step()) { }
    }

    private void Begin(Continuation text)
    {
        if (text.PromptTokens > decoder.Context)
            throw new ModelRefusedException($"The prompt has {text.PromptTokens} tokens, but the model reads at most {decoder.Context}: shorten it.");
        var since = Stopwatch.GetTimestamp();
        var (slot, best, common) = (_running.Count, _running.Count, 0);
        for (var other = 0; other < decoder.Slots; other++)
            if (decoder.Tokens(other).CommonPrefixLength(text.Prompt) is var alike && alike > common) (best, common) = (other, alike);
        common = Math.Min(common, text.PromptTokens - 1); // the last token has to be read for its logits
        if (common > 0 && best != slot) decoder.Copy(best, slot);
        _read = decoder.Truncate(slot, common);
        text.Reused = _read;
        _reading = text;
        text.Spend(since, onPrompt: true);
    }

    private void Read(Continuation text)
    {
        var (slot, since) = (_running.Count, Stopwatch.GetTimestamp());
        var whole = _running.Count == 0; // nobody waits for a token meanwhile
        var part = text.Prompt[_read..];
        if (!whole && decoder.Chunk(text.PromptTokens) is var chunk && part.Length > chunk) part = part[..chunk];
        try
        {
            var logits = decoder.Append(slot, part, text.Cancel);
            _read += part.Length;
            text.Spend(since, onPrompt: true);
            if (_read < text.PromptTokens) return;
            _reading = null;
            text.Accept(logits, decoder.Context - text.PromptTokens);
            if (text.Finish is null) _running.Add(text);
        }
        catch (OperationCanceledException)
        {
            _reading = null;
            text.End(FinishReason.Cancelled);
        }
    }

    private void Advance()
    {
        if (!batches && _running.Count > 1)
        {
            for (var slot = 0; slot < _running.Count; slot++) AdvanceSome(slot, 1);
        }
        else AdvanceSome(0, _running.Count);
        for (var slot = _running.Count - 1; slot >= 0; slot--)
            if (_running[slot].Finish is not null) Release(slot);
    }

    private void AdvanceSome(int first, int count)
    {
        var since = Stopwatch.GetTimestamp();
        if (_tokens.Length < count) _tokens = new int[count];
        for (var i = 0; i < count; i++) _tokens[i] = _running[first + i].Last;
        try
        {
            // One text alone can be stopped inside its step; several wait for its end.
            var logits = decoder.Advance(first, _tokens.AsSpan(0, count), count == 1 ? _running[first].Cancel : CancellationToken.None);
            for (var i = 0; i < count; i++)
            {
                var text = _running[first + i];
                text.Accept(logits.Slice(i * decoder.Vocabulary, decoder.Vocabulary), decoder.Context - text.PromptTokens - text.Generated);
                text.Spend(since, onPrompt: false);
            }
        }
        catch (OperationCanceledException) when (count == 1)
        {
            _running[first].End(FinishReason.Cancelled);
        }
    }

    private void DropCancelled()
    {
        foreach (var text in _waiting.Where(text => text.Cancel.IsCancellationRequested)) text.End(FinishReason.Cancelled);
        _waiting.RemoveAll(text => text.Finish is not null);
        for (var slot = _running.Count - 1; slot >= 0; slot--)
            if (_running[slot] is { Cancel.IsCancellationRequested: true } text)
            {
                text.End(FinishReason.Cancelled);
                Release(slot);
            }
    }

    /// <summary>The last running text takes the place of one that ended; a prompt being read moves up behind them.</summary>
    private void Release(int slot)
    {
        var last = _running.Count - 1;
        if (slot != last)
        {
            decoder.Copy(last, slot);
            _running[slot] = _running[last];
        }
        _running.RemoveAt(last);
        if (_reading is not null) decoder.Copy(last + 1, last);
    }
}
