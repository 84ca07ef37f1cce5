using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Scheduling;

/// <summary>Several models that share a machine's memory: when one does not fit beside the others, those that nobody asks leave first, the longest unasked before the rest. One that generates never does.</summary>
public sealed class HostedModels(HostOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, HostedModel> _models = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _planning = new(1, 1);

    public IEnumerable<KeyValuePair<string, HostedModel>> All => _models;

    /// <inheritdoc cref="HostedModel.GenerateAsync"/>
    public async IAsyncEnumerable<HostMessage> GenerateAsync(LoadMessage load, GenerateMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var kept = await KeepAsync(load, cancellationToken);
        await foreach (var step in Of(load).GenerateAsync(request, cancellationToken)) yield return step;
    }

    /// <summary>Loads the model and keeps it in memory until what comes back is disposed of, so that it makes room for no other between two texts of one order.</summary>
    /// <exception cref="ModelRefusedException">The model cannot run.</exception>
    /// <exception cref="HostFailedException">Its process failed.</exception>
    public async Task<IDisposable> KeepAsync(LoadMessage load, CancellationToken cancellationToken)
    {
        var model = Of(load);
        var kept = model.Keep();
        try
        {
            await LoadAsync(model, cancellationToken);
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var model in _models.Values) await model.DisposeAsync();
        _planning.Dispose();
    }

    private HostedModel Of(LoadMessage load) => _models.GetOrAdd(load.Path, _ => new(load, options, clock));

    /// <summary>One after the other, so that two do not count on the same memory. Only the model itself knows what it needs: it is asked, and room is made when it says that it lacks some.</summary>
    private async Task LoadAsync(HostedModel model, CancellationToken cancellationToken)
    {
        if (model.IsLoaded) return;
        await _planning.WaitAsync(cancellationToken);
        try
        {
            while (true)
                try
                {
                    model.RoomBytes = options.TotalBytes - _models.Values.Where(other => other != model).Sum(other => other.Needed);
                    await model.LoadAsync(cancellationToken);
                    return;
                }
                catch (ModelRefusedException refused) when (refused.LacksMemory)
                {
                    if (_models.Values.Where(other => other != model && other is { IsLoaded: true, IsKept: false }).MinBy(other => other.LastUsed) is not { } idle) throw;
                    await idle.UnloadAsync();
                }
        }
        finally
        {
            _planning.Release();
        }
    }
}
