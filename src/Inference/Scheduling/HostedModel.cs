using System.Runtime.CompilerServices;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Scheduling;

/// <summary>One model that can be asked for texts at any time: its process is started when needed, again after a crash, and ended when nobody asks.</summary>
public sealed class HostedModel(LoadMessage load, HostOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<DateTimeOffset> _loadCrashes = [];
    private HostProcess? _process;
    private Timer? _idle;
    private TimeSpan _backoff = TimeSpan.Zero;
    private DateTimeOffset _lastUsed;
    private long _lastText;
    private int _texts;
    private int _kept;

    /// <summary>Why the model is not tried any more; null when it is.</summary>
    public string? Quarantined { get; private set; }

    /// <summary>Memory that the model may count on when it is loaded next; null: what is free then.</summary>
    internal long? RoomBytes { get; set; }

    public bool IsLoaded => _process is { IsOver: false };
    internal long Needed => Loaded?.Bytes ?? 0;
    public int? ProcessId => IsLoaded ? _process?.Id : null;
    public LoadedMessage? Loaded => IsLoaded ? _process?.Loaded : null;
    public long? Bytes => IsLoaded ? _process?.Stats?.Bytes : null;
    public int Texts => _texts;

    /// <summary>True while somebody counts on its being in memory.</summary>
    internal bool IsKept => _kept > 0;

    /// <summary>How far the model is on its way into memory; null while nobody loads it.</summary>
    public LoadProgress? Loading { get; private set; }

    public DateTimeOffset LastUsed => _lastUsed;

    /// <summary>The steps of a text, the last of them a <see cref="DoneMessage"/>. The request's id is ours to give.</summary>
    /// <exception cref="ModelRefusedException">The model cannot run, or not take this prompt.</exception>
    /// <exception cref="HostFailedException">Its process failed while the text was made.</exception>
    public async IAsyncEnumerable<HostMessage> GenerateAsync(GenerateMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _texts) > options.MostTexts)
        {
            Interlocked.Decrement(ref _texts);
            throw new ModelRefusedException($"{options.MostTexts} texts are waiting for this model already: try again in a moment.");
        }
        try
        {
            var process = await EnsureAsync(cancellationToken);
            _lastUsed = clock.GetUtcNow();
            await foreach (var step in process.GenerateAsync(request with { Id = Interlocked.Increment(ref _lastText) }, cancellationToken))
            {
                if (step is DoneMessage) _backoff = TimeSpan.Zero;
                yield return step;
            }
        }
        finally
        {
            _lastUsed = clock.GetUtcNow();
            Interlocked.Decrement(ref _texts);
        }
    }

    /// <summary>Until what comes back is disposed of, the model makes room for no other.</summary>
    internal IDisposable Keep()
    {
        Interlocked.Increment(ref _kept);
        return new Kept(this);
    }

    /// <summary>Starts the process where none runs.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) => await EnsureAsync(cancellationToken);

    /// <summary>Tries a quarantined model again.</summary>
    public void Release()
    {
        _loadCrashes.Clear();
        (_backoff, Quarantined) = (TimeSpan.Zero, null);
    }

    /// <summary>Ends the process; the next text starts another.</summary>
    public async Task UnloadAsync()
    {
        await _starting.WaitAsync(CancellationToken.None);
        try
        {
            await DropAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_idle is not null) await _idle.DisposeAsync();
        await UnloadAsync();
        _starting.Dispose();
    }

    private async Task<HostProcess> EnsureAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_process is { IsOver: false } running) return running;
            if (Quarantined is { } why) throw new ModelRefusedException(why);
            if (_process is not null)
            {
                await DropAsync(); // it crashed since
                Grow();
            }
            if (_backoff > TimeSpan.Zero) await Task.Delay(_backoff, clock, cancellationToken);
            // A model's own process may write nothing: a graph that is missing is built here.
            var build = (load.Options.Build ?? new()) with { Stop = cancellationToken, Progress = new Told<BuildProgress>(made => Loading = new(IsBuilt: false, made.Done, made.Total, made.Step, made.Left)) };
            var ready = await Task.Run(() => ModelPackage.Ready(load.Path, load.Options with { Build = build }), cancellationToken);
            var since = clock.GetTimestamp();
            var memory = new Told<long>(bytes => Loading = LoadProgress.OfMemory(bytes, ready, clock.GetElapsedTime(since)));
            _process = await HostProcess.StartAsync(load with { Path = ready, Options = load.Options with { RoomBytes = RoomBytes } }, options, memory, cancellationToken);
            _idle ??= new(_ => _ = UnloadIdleAsync(), null, Often, Often);
            return _process;
        }
        catch (HostFailedException crash)
        {
            Grow();
            NoteLoadCrash(crash);
            throw;
        }
        finally
        {
            Loading = null;
            _starting.Release();
        }
    }

    private TimeSpan Often => options.IdleLimit < TimeSpan.FromMinutes(1) ? options.IdleLimit / 4 : TimeSpan.FromSeconds(15);

    private void Grow() => _backoff = _backoff == TimeSpan.Zero ? options.FirstBackoff : TimeSpan.FromTicks(Math.Min(_backoff.Ticks * 2, options.LongestBackoff.Ticks));

    private void NoteLoadCrash(HostFailedException crash)
    {
        var now = clock.GetUtcNow();
        _loadCrashes.RemoveAll(at => now - at > options.CrashWindow);
        _loadCrashes.Add(now);
        if (_loadCrashes.Count >= 2)
            Quarantined = $"{load.Path} crashed twice while it was loaded and is not tried again until someone releases it. The last time: {crash.Message}";
    }

    private async Task UnloadIdleAsync()
    {
        if (_texts > 0 || IsKept || _process is null || clock.GetUtcNow() - _lastUsed < options.IdleLimit) return;
        await UnloadAsync();
    }

    private async Task DropAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        await process.DisposeAsync();
    }

    /// <summary>Tells at once, on the thread that reports.</summary>
    private sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }

    private sealed class Kept(HostedModel model) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) Interlocked.Decrement(ref model._kept);
        }
    }
}
