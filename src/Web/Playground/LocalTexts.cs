using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Playground;

/// <summary>Has the models of this machine make the texts of an order, and tells how far a model is that has to be loaded first.</summary>
internal sealed class LocalTexts(HostedModels hosts, ModelShelf shelf, IOptions<InferenceOptions> inference, IOptions<PlaygroundOptions> limits, TimeProvider clock)
{
    private const int SidesOfComparison = 2;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <exception cref="ModelRefusedException">The model cannot run, or not take the prompt.</exception>
    /// <exception cref="HostFailedException">The model's process failed in the middle.</exception>
    public async Task MakeAsync(TextOrder order, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        shelf.Use(order.Model.Id);
        var load = new LoadMessage(order.Model.Folder, new(Device: inference.Value.Wish, Slots: Math.Max(limits.Value.AtOnce, SidesOfComparison)) { Build = new() { Home = BuiltFolder.Beside(shelf) } });
        using var kept = await LoadAsync(order.Model, load, steps, cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, order.Texts).Select(index => MakeAsync(order, load, index, steps, cancellationToken)));
    }

    private async Task<IDisposable> LoadAsync(ServedModel model, LoadMessage load, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        var loading = hosts.KeepAsync(load, cancellationToken);
        if (loading.IsCompleted) return await loading;
        steps.TryWrite(new TextStep.Loading(new(IsBuilt: true, 0, model.Bytes, "", null)));
        LoadProgress? last = null;
        while (await Task.WhenAny(loading, Task.Delay(Pace, clock, CancellationToken.None)) != loading)
            if (Host(model)?.Loading is { } now && now != last) steps.TryWrite(new TextStep.Loading(last = now));
        return await loading;
    }

    private async Task MakeAsync(TextOrder order, LoadMessage load, int index, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        var sampling = order.Sampling with { Seed = order.Sampling.Seed is { } seed ? unchecked(seed + index) : null };
        var request = new GenerateMessage(0, sampling)
        {
            Text = order.Prompt,
            Chat = order.Chat,
            MaxNewTokens = Math.Min(order.MaxNewTokens ?? limits.Value.MostNewTokens, limits.Value.MostNewTokens),
            Stop = order.Stop,
            Logprobs = order.Logprobs,
            Index = index,
            TellsPrompt = order.TellsPrompt && index == 0,
        };
        await foreach (var step in hosts.GenerateAsync(load, request, cancellationToken))
            steps.TryWrite(step switch
            {
                PromptMessage prompt => new TextStep.Prompt(prompt.Text, prompt.Tokens, Host(order.Model)?.Loaded),
                PieceMessage piece => new TextStep.Piece(index, piece),
                DoneMessage done => new TextStep.Done(index, done),
                _ => throw new HostFailedException("The model's process said something that is no step of a text."),
            });
    }

    private HostedModel? Host(ServedModel model) => hosts.All.FirstOrDefault(known => known.Key == model.Folder).Value;
}
