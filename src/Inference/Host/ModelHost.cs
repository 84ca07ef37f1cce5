using System.Collections.Concurrent;
using System.Threading.Channels;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts;
using ModelAtlas.Inference.Prompts.Jinja;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Inference.Host;

/// <summary>The process of one model, seen from inside: loads it, then generates for whoever asks until its input ends.</summary>
internal sealed class ModelHost(FrameStream frames, TimeProvider clock) : IDisposable
{
    private const int UsualNewTokens = 256;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Channel<GenerateMessage> _asked = Channel.CreateUnbounded<GenerateMessage>();
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _cancels = new();
    private readonly CancellationTokenSource _end = new();
    private volatile int _running;
    private volatile int _waiting;

    /// <summary>Exit code: 0 when its input ended, 1 when the model was refused or the other side broke the protocol.</summary>
    public async Task<int> RunAsync()
    {
        await frames.WriteAsync(new HelloMessage(HostMessage.Version), default);
        if (await frames.ReadAsync(default) is not LoadMessage load) return 1;
        var beats = BeatAsync(_end.Token);
        try
        {
            using var model = LoadedModel.Load(load.Path, load.Options);
            var prompts = new PromptReader(model.Package.Folder);
            await frames.WriteAsync(new LoadedMessage(model.Device.Name, model.Device.Reason, model.Package.Weights, model.Decoder.Vocabulary, model.Decoder.Context, model.Loading.TotalSeconds, prompts.Chats, model.Needed) { Likelihood = load.Scores ? ConversionLoss.Score(model, prompts, _end.Token) : null }, default);
            var listening = Task.Run(ListenAsync);
            if (!await Task.Run(() => GenerateAsync(model, prompts))) return 1;
            await listening;
            return 0;
        }
        catch (Exception refused) when (refused is ModelRefusedException or TokenizerException or OutOfMemoryException)
        {
            await frames.WriteAsync(new RefusedMessage(null, refused is OutOfMemoryException ? "The model does not fit into the memory its process may have." : refused.Message) { LacksMemory = refused is ModelRefusedException { LacksMemory: true } }, default);
            return 1;
        }
        finally
        {
            await _end.CancelAsync();
            await beats;
        }
    }

    public void Dispose() => _end.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (await frames.ReadAsync(default) is { } message)
                switch (message)
                {
                    case GenerateMessage request when _cancels.TryAdd(request.Id, new()):
                        _asked.Writer.TryWrite(request);
                        break;
                    case CancelMessage cancel when _cancels.TryGetValue(cancel.Id, out var source):
                        await source.CancelAsync();
                        break;
                }
        }
        finally
        {
            // Nobody is there to read what comes: stop, whatever is being made.
            _asked.Writer.Complete();
            foreach (var source in _cancels.Values) await source.CancelAsync();
        }
    }

    /// <summary>False when memory ran out: what the failed run holds of it is given back by the end of the process only, and the next text starts another.</summary>
    private async Task<bool> GenerateAsync(LoadedModel model, PromptReader prompts)
    {
        var (batch, outbox) = (new GenerationBatch(model.Decoder, model.Decoder.CanBatch), new Outbox(frames, clock));
        while (true)
            try
            {
                while (_asked.Reader.TryRead(out var request)) await BeginAsync(model, prompts, batch, outbox, request);
                var worked = batch.Step();
                await outbox.SendAsync();
                if (!worked && !await _asked.Reader.WaitToReadAsync()) return true;
                (_running, _waiting) = (batch.Running, batch.Waiting);
            }
            catch (Exception failure) when (failure is ModelRefusedException or ArithmeticException or OutOfMemoryException)
            {
                // The model failed in the middle of a run: all texts of that run are lost, those that come are not.
                batch = new(model.Decoder, model.Decoder.CanBatch);
                foreach (var id in _cancels.Keys)
                {
                    Forget(id);
                    outbox.End(id, new RefusedMessage(id, failure is OutOfMemoryException ? "The text needs more memory than the model's process may have: make it shorter." : failure.Message) { LacksMemory = failure is ModelRefusedException { LacksMemory: true } });
                }
                await outbox.SendAsync();
                if (failure is ModelRefusedException { LacksMemory: true }) return false;
            }
    }

    private async Task BeginAsync(LoadedModel model, PromptReader prompts, GenerationBatch batch, Outbox outbox, GenerateMessage asked)
    {
        try
        {
            var sampling = asked.Sampling.Over(model.Package.Defaults);
            if (sampling.Complaint() is { } complaint) throw new ModelRefusedException(complaint);
            var seed = asked.Sampling.Seed ?? Random.Shared.Next();
            var request = new GenerationRequest(Prompt(asked, prompts), sampling)
            {
                MaxNewTokens = asked.MaxNewTokens ?? model.Package.Defaults.MaxNewTokens ?? UsualNewTokens,
                EndIds = model.Package.Defaults.EndIds,
                Stop = prompts.Tokenizer is null ? [] : asked.Stop,
                Seed = seed,
                Logprobs = asked.Logprobs,
            };
            model.Decoder.CheckPrompt(request.Prompt);
            if (asked.TellsPrompt) await frames.WriteAsync(new PromptMessage(asked.Id, prompts.Tokenizer?.Decode(request.Prompt) ?? string.Join(' ', request.Prompt), request.Prompt.Count), default);
            Continuation? text = null;
            text = new(request, prompts.Tokenizer, _cancels[asked.Id].Token, step => Tell(outbox, asked.Id, prompts, step, seed, text)) { Index = asked.Index };
            batch.Add(text);
        }
        catch (Exception refused) when (refused is ModelRefusedException or TemplateException or TokenizerException)
        {
            Forget(asked.Id);
            outbox.End(asked.Id, new RefusedMessage(asked.Id, refused.Message));
        }
    }

    private IReadOnlyList<int> Prompt(GenerateMessage asked, PromptReader prompts) => asked switch
    {
        { Ids: { } ids } => ids,
        { Text: { } text } => prompts.Read(text),
        { Chat: { } chat } => prompts.Read(chat, clock.GetLocalNow()),
        _ => throw new ModelRefusedException("There is no prompt: give ids, text or a chat."),
    };

    private void Tell(Outbox outbox, long id, PromptReader prompts, GenerationEvent step, int seed, Continuation? text)
    {
        outbox.Add(id, step, step.LogProbability is { } probability ? new(step.Text, probability, [.. step.Alternatives.Select(other => other with { Text = prompts.Tokenizer?.Decode([other.Token]) })]) : null);
        if (step.Finish is not { } finish || text is null) return;
        Forget(id);
        outbox.End(id, new DoneMessage(id, finish, text.PromptTokens, text.Generated, text.Reused, seed, text.Prefill.TotalMilliseconds, text.Decode.TotalMilliseconds));
    }

    private void Forget(long id)
    {
        if (_cancels.TryRemove(id, out var source)) source.Dispose();
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) await frames.WriteAsync(new StatsMessage(_running, _waiting, Environment.WorkingSet), cancellationToken);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // the end, or nobody listens any more
        }
    }
}
