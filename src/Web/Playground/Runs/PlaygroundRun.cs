namespace ModelAtlas.Web.Playground.Runs;

/// <summary>One order of a visitor and all that happened to it so far: whoever comes back after a cut line hears the rest.</summary>
internal sealed class PlaygroundRun(string id, string owner) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _events = [];
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listeners;

    public string Id => id;

    public string Owner => owner;

    public TextOrder? Order { get; init; }

    /// <summary>What the tab calls itself that asked; null where it does not say.</summary>
    public string? Tab { get; init; }

    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }

    public bool IsOver { get; private set; }

    /// <summary>When the last listener left, or the last thing happened while nobody listened; null while somebody does.</summary>
    public DateTimeOffset? AloneSince { get; private set; }

    public CancellationTokenSource Stop { get; } = new();

    public void Tell(string json, bool last)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            if (IsOver) return;
            _events.Add(json);
            IsOver = last;
            (news, _news) = (_news, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        news.TrySetResult();
    }

    /// <summary>Events from number <paramref name="after"/> on, each with its number, as they come.</summary>
    public async IAsyncEnumerable<(int Number, string Json)> ListenAsync(int after, TimeProvider clock, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_lock) (_listeners, AloneSince) = (_listeners + 1, null);
        try
        {
            for (var next = Math.Max(after, 0); ;)
            {
                string[] some;
                bool over;
                Task news;
                lock (_lock) (some, over, news) = ([.. _events.Skip(next)], IsOver, _news.Task);
                foreach (var json in some) yield return (++next, json);
                if (over && some.Length == 0) yield break;
                if (some.Length == 0) await news.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            lock (_lock)
                if (--_listeners == 0) AloneSince = clock.GetUtcNow();
        }
    }

    public void Leave(DateTimeOffset now)
    {
        lock (_lock)
            if (_listeners == 0) AloneSince ??= now;
    }

    public void Dispose() => Stop.Dispose();
}
