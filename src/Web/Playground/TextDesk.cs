using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Web.Playground.Remote;

namespace ModelAtlas.Web.Playground;

/// <summary>Takes orders for texts, lets each wait for its turn, and hands on what the models make. The pages and the OpenAI protocol both come here.</summary>
internal sealed class TextDesk(TextQueue queue, LocalTexts local, RemoteTexts remote, IOptions<PlaygroundOptions> limits)
{
    /// <inheritdoc cref="MakeAsync(TextOrder, SharedTurn, CancellationToken)"/>
    public IAsyncEnumerable<TextStep> MakeAsync(TextOrder order, string person, CancellationToken cancellationToken) => MakeAsync(order, Turn(person, 1), cancellationToken);

    /// <summary>A turn for orders that one person gives together.</summary>
    public SharedTurn Turn(string person, int orders) => new(queue, person, orders);

    /// <exception cref="BusyException">There is no place in the queue.</exception>
    /// <exception cref="ModelRefusedException">The model cannot run, or not take the prompt.</exception>
    /// <exception cref="HostFailedException">The model's process failed in the middle.</exception>
    public async IAsyncEnumerable<TextStep> MakeAsync(TextOrder order, SharedTurn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var steps = Channel.CreateUnbounded<TextStep>(new() { SingleReader = true });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); // whoever stops reading stops the texts
        var making = Task.Run(() => MakeAsync(order, turn, steps.Writer, gone.Token), CancellationToken.None);
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

    private async Task MakeAsync(TextOrder order, SharedTurn turn, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await turn.EnterAsync(place => steps.TryWrite(new TextStep.Queued(place.Before, place.Wait)), cancellationToken);
            if (order.Model.Remote is { } elsewhere)
                await foreach (var step in remote.MakeAsync(order, elsewhere, limits.Value.MostNewTokens, cancellationToken)) steps.TryWrite(step);
            else
                await MakeHereAsync(order, turn, steps, cancellationToken);
        }
        catch (ModelRefusedException refused)
        {
            failure = new ModelRefusedException(refused.Message.Replace(order.Model.Folder, order.Model.Id, StringComparison.Ordinal)); // where it lies is nobody's affair
        }
        catch (Exception other)
        {
            failure = other;
        }
        turn.End(); // before anybody hears that it is over
        steps.Complete(failure);
    }

    /// <summary>Beside the other side of a comparison where memory allows it, else after it.</summary>
    private async Task MakeHereAsync(TextOrder order, SharedTurn turn, ChannelWriter<TextStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            await local.MakeAsync(order, steps, cancellationToken);
        }
        catch (ModelRefusedException refused) when (refused.LacksMemory)
        {
            if (turn.OthersEnd(cancellationToken) is not { } ended) throw;
            steps.TryWrite(new TextStep.MakesWay());
            await ended;
            await local.MakeAsync(order, steps, cancellationToken);
        }
    }
}
