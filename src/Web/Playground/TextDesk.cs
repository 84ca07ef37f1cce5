using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground.Remote;

namespace ModelAtlas.Web.Playground;

/// <summary>Takes orders for texts, lets each wait for its turn, and hands on what the models make. The pages and the OpenAI protocol both come here.</summary>
internal sealed class TextDesk(HostedModels hosts, ModelShelf shelf, RemoteTexts remote, TextQueue queue, IOptions<InferenceOptions> inference, IOptions<PlaygroundOptions> limits)
{
    /// <exception cref="BusyException">There is no place in the queue.</exception>
    /// <exception cref="ModelRefusedException">The model cannot run, or not take the prompt.</exception>
    /// <exception cref="HostFailedException">The model's process failed in the middle.</exception>
    public async IAsyncEnumerable<TextStep> MakeAsync(TextOrder order, string person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var steps = Channel.CreateUnbounded<TextStep>(new() { SingleReader = true });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); // whoever stops reading stops the texts
        var making = Task.Run(() => MakeAsync(order, person, steps.Writer, gone.Token), CancellationToken.None);
        try
        {
            await foreach (var step in steps.Reader.ReadAllAsync(CancellationToken.None)) yield return step;
        }
        finally
        {
            await gone.CancelAsync();
            await making;
        }
    }

    private async Task MakeAsync(TextOrder order, string person, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            using var turn = await queue.EnterAsync(person, before => steps.TryWrite(new TextStep.Queued(before)), cancellationToken);
            if (order.Model.Remote is { } elsewhere)
            {
                await foreach (var step in remote.MakeAsync(order, elsewhere, limits.Value.MostNewTokens, cancellationToken)) steps.TryWrite(step);
                steps.Complete();
                return;
            }
            shelf.Use(order.Model.Id);
            if (!hosts.All.Any(known => known.Key == order.Model.Folder && known.Value.IsLoaded)) steps.TryWrite(new TextStep.Loading(order.Model.Bytes));
            await Task.WhenAll(Enumerable.Range(0, order.Texts).Select(index => MakeAsync(order, index, steps, cancellationToken)));
            steps.Complete();
        }
        catch (ModelRefusedException refused)
        {
            steps.Complete(new ModelRefusedException(refused.Message.Replace(order.Model.Folder, order.Model.Id, StringComparison.Ordinal))); // where it lies is nobody's affair
        }
        catch (Exception failure)
        {
            steps.Complete(failure);
        }
    }

    private async Task MakeAsync(TextOrder order, int index, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        var load = new LoadMessage(order.Model.Folder, new(Device: Enum.Parse<DeviceWish>(inference.Value.Device, ignoreCase: true), Slots: limits.Value.AtOnce) { Build = new() { Home = BuiltFolder.Beside(shelf) } });
        var sampling = order.Sampling with { Seed = order.Sampling.Seed is { } seed ? unchecked(seed + index) : null };
        var request = new GenerateMessage(0, sampling)
        {
            Text = order.Prompt,
            Chat = order.Chat,
            MaxNewTokens = Math.Min(order.MaxNewTokens ?? limits.Value.MostNewTokens, limits.Value.MostNewTokens),
            Stop = order.Stop,
            Logprobs = order.Logprobs,
            TellsPrompt = order.TellsPrompt && index == 0,
        };
        if (index == 0) steps.TryWrite(new TextStep.Reading());
        await foreach (var step in hosts.GenerateAsync(load, request, cancellationToken))
            steps.TryWrite(step switch
            {
                PromptMessage prompt => new TextStep.Prompt(prompt.Text, prompt.Tokens),
                TokenMessage token => new TextStep.Token(index, token),
                DoneMessage done => new TextStep.Done(index, done),
                _ => throw new HostFailedException("The model's process said something that is no step of a text."),
            });
    }
}
