using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Scheduling;

/// <summary>The process of one model, seen from outside. Whatever happens to it, those who wait for its texts are told within a bounded time.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly HostOptions _options;
    private readonly Process _process;
    private readonly FrameStream _frames;
    private readonly IProgress<long> _memory;
    private readonly ConcurrentDictionary<long, Channel<HostMessage>> _texts = new();
    private readonly TaskCompletionSource<LoadedMessage> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private Task _listening = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private string? _failure;
    private volatile bool _leaves;
    private long _lastHeard = Stopwatch.GetTimestamp();


    private HostProcess(HostOptions options, Process process, IProgress<long> memory)
    {
        (_options, _process, _memory) = (options, process, memory);
        _frames = new(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        process.ErrorDataReceived += (_, _) => { }; // drained, so that it never blocks; its words may hold prompts
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;
    public LoadedMessage? Loaded { get; private set; }
    public StatsMessage? Stats { get; private set; }
    public bool IsOver => _leaves || _over.IsCancellationRequested;
    public int Texts => _texts.Count;

    /// <param name="memory">Told what the process takes, until the model is loaded.</param>
    /// <exception cref="ModelRefusedException">The model said why it cannot run.</exception>
    /// <exception cref="HostFailedException">The process crashed, or took too long.</exception>
    public static async Task<HostProcess> StartAsync(LoadMessage load, HostOptions options, IProgress<long> memory, CancellationToken cancellationToken)
    {
        Process process;
        try
        {
            process = Process.Start(HostLaunch.Create(options.Program ?? HostLaunch.Program, load.Path, MemoryLimit(load, options))) ?? throw new HostFailedException("The model's process did not start.");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new HostFailedException($"The model's process did not start ({missing.Message}).");
        }
        var host = new HostProcess(options, process, memory);
        try
        {
            host._listening = Task.Run(host.ListenAsync, CancellationToken.None);
            host._watching = Task.Run(host.WatchAsync, CancellationToken.None);
            await host.SendAsync(load);
            host.Loaded = await host._loaded.Task.WaitAsync(options.LoadLimit, cancellationToken);
            return host;
        }
        catch (Exception failure)
        {
            await host.DisposeAsync();
            throw failure is TimeoutException ? new HostFailedException($"The model was not loaded within {options.LoadLimit.TotalSeconds:0} s.") : failure;
        }
    }

    /// <summary>The steps of a text. Cancelling stops it; a process that does not stop is killed.</summary>
    public async IAsyncEnumerable<HostMessage> GenerateAsync(GenerateMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var steps = Channel.CreateUnbounded<HostMessage>();
        if (!_texts.TryAdd(request.Id, steps)) throw new ArgumentException($"There is a text {request.Id} already.", nameof(request));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.TextLimit);
        using var stop = limit.Token.UnsafeRegister(_ => _ = StopAsync(request.Id), null);
        var done = false;
        try
        {
            if (IsOver) throw Failure();
            await SendAsync(request);
            // After a stop the last words still come, so that a text that was cut says how far it got.
            await foreach (var step in steps.Reader.ReadAllAsync(CancellationToken.None))
            {
                done = step is DoneMessage or RefusedMessage;
                if (step is RefusedMessage refused) throw new ModelRefusedException(refused.Reason);
                yield return step;
                if (done) yield break;
            }
            throw Failure();
        }
        finally
        {
            _texts.TryRemove(request.Id, out _);
            // Whoever stops reading stops the text.
            if (!done && !IsOver) await SendAsync(new CancelMessage(request.Id));
        }
    }

    public void Kill(string why)
    {
        Interlocked.CompareExchange(ref _failure, why, null);
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // it ended by itself
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close(); // the polite way: its input ends
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(_options.StopLimit);
        }
        catch (Exception stuck) when (stuck is TimeoutException or IOException or InvalidOperationException)
        {
            Kill("The model was taken out of memory.");
        }
        await _listening;
        await _watching;
        _frames.Dispose();
        _over.Dispose();
        _process.Dispose();
    }

    private static long? MemoryLimit(LoadMessage load, HostOptions options)
    {
        var mayUseGpu = load.Options.Device is DeviceWish.Cuda or DeviceWish.WebGpu || (load.Options.Device == DeviceWish.Auto && Device.BuildHasGpu);
        if (mayUseGpu || options.MemoryBytes is not { } room) return null;
        var folder = Directory.Exists(load.Path) ? load.Path : Path.GetDirectoryName(load.Path);
        return folder is null ? room : room + 2 * new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    private async Task StopAsync(long text)
    {
        await SendAsync(new CancelMessage(text));
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < _options.StopLimit; await Task.Delay(50))
            if (IsOver || !_texts.ContainsKey(text)) return;
        Kill($"The model did not stop within {_options.StopLimit.TotalSeconds:0} s and was ended.");
    }

    private async Task SendAsync(HostMessage message)
    {
        try
        {
            await _frames.WriteAsync(message, CancellationToken.None);
        }
        catch (FrameException long_)
        {
            throw new ModelRefusedException($"The request is too long ({long_.Message}): shorten the prompt.");
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // the listener sees the end, and tells those who wait
        }
    }

    private async Task ListenAsync()
    {
        try
        {
            while (await _frames.ReadAsync(CancellationToken.None) is { } message)
            {
                Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
                Take(message);
            }
        }
        catch (Exception nonsense) when (nonsense is FrameException or IOException)
        {
            Kill($"The model's process broke the protocol ({nonsense.Message}) and was ended.");
        }
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(_options.StopLimit);
        }
        catch (TimeoutException)
        {
            Kill("The model's process closed its output and was ended.");
        }
        await _over.CancelAsync();
        _loaded.TrySetException(Failure());
        foreach (var steps in _texts.Values) steps.Writer.TryComplete();
    }

    private void Take(HostMessage message)
    {
        switch (message)
        {
            case HelloMessage { Protocol: not HostMessage.Version } other:
                Kill($"The model's process speaks version {other.Protocol} of the protocol, not {HostMessage.Version}: both must be of one build.");
                break;
            case LoadedMessage loaded:
                _loaded.TrySetResult(loaded);
                break;
            case RefusedMessage { Id: null } refused:
                _loaded.TrySetException(new ModelRefusedException(refused.Reason) { LacksMemory = refused.LacksMemory });
                break;
            case StatsMessage stats:
                Stats = stats;
                if (!_loaded.Task.IsCompleted) _memory.Report(stats.Bytes);
                break;
            case PromptMessage { Id: var id }:
                Give(id, message);
                break;
            case PieceMessage { Id: var id }:
                Give(id, message);
                break;
            case DoneMessage { Id: var id }:
                Give(id, message);
                break;
            case RefusedMessage { Id: { } id } refusal:
                if (refusal.LacksMemory) _leaves = true; // it ends by itself to give the memory back: the next text is for another
                Give(id, message);
                break;
        }
    }

    private void Give(long id, HostMessage message)
    {
        if (_texts.TryGetValue(id, out var steps)) steps.Writer.TryWrite(message);
    }

    /// <summary>A process that is stopped or swapped to death says nothing; one that computes says so every second.</summary>
    private async Task WatchAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_over.IsCancellationRequested && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastHeard)) > _options.SilenceLimit) Kill($"The model's process was silent for {_options.SilenceLimit.TotalSeconds:0} s and was ended.");
        }
    }

    private HostFailedException Failure() => new(_failure ?? (_process.HasExited
        ? _process.ExitCode > 128 ? $"The model's process was ended by signal {_process.ExitCode - 128}." : $"The model's process ended with code {_process.ExitCode}."
        : "The model's process is gone."));
}
