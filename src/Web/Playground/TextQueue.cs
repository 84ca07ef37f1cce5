using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Playground;

/// <summary>Lets people generate in turns: each has so many requests running, and whose turn it is goes round, so that one with twenty requests holds nobody up for more than one of them.</summary>
internal sealed class TextQueue(IOptions<PlaygroundOptions> options, TimeProvider clock)
{
    private readonly PlaygroundOptions _limits = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly LinkedList<Person> _waiting = new(); // the person whose turn is next stands first
    private TimeSpan? _usual; // what a turn takes: each counts for a fifth

    /// <summary>How many requests are being answered, and how many wait.</summary>
    public (int Running, int Waiting) Load
    {
        get
        {
            lock (_lock) return (_running.Values.Sum(), _waiting.Sum(person => person.Waits.Count));
        }
    }

    /// <summary>Waits for a turn. Disposing of what comes back ends it.</summary>
    /// <param name="person">Account, key or address.</param>
    /// <param name="moved">Told where this request stands, whenever that changes.</param>
    /// <exception cref="BusyException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(string person, Action<QueuePlace>? moved, CancellationToken cancellationToken)
    {
        var wait = new Wait(new(TaskCreationOptions.RunContinuationsAsynchronously), moved);
        lock (_lock)
        {
            var known = _waiting.FirstOrDefault(other => other.Name == person);
            var waits = known?.Waits.Count ?? 0;
            if (_running.GetValueOrDefault(person) >= _limits.RunningEach && waits >= _limits.WaitingEach)
                throw new BusyException($"You have {_running.GetValueOrDefault(person)} running and {waits} waiting: wait until one of them has ended.");
            if (_waiting.Sum(other => other.Waits.Count) >= _limits.Waiting + _limits.AtOnce) throw new BusyException("Too many people are waiting: try again in a minute.");
            if (known is null) _waiting.AddLast(known = new(person));
            known.Waits.AddLast(wait);
            Advance();
        }
        await using var left = cancellationToken.UnsafeRegister(_ => Leave(person, wait, cancellationToken), null);
        await wait.Turn.Task;
        return new Turn(this, person, clock.GetTimestamp());
    }

    private void Leave(string person, Wait wait, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!wait.Turn.TrySetCanceled(cancellationToken)) return; // its turn came first: it will end it
            Forget(_waiting.First(other => other.Name == person), wait);
            Advance();
        }
    }

    private void End(string person, TimeSpan took)
    {
        lock (_lock)
        {
            _usual = _usual is { } usual ? usual + (took - usual) / 5 : took;
            if (--_running[person] == 0) _running.Remove(person);
            Advance();
        }
    }

    /// <summary>Gives out the turns that are free, and tells the others where they stand.</summary>
    private void Advance()
    {
        while (_running.Values.Sum() < _limits.AtOnce && _waiting.FirstOrDefault(person => _running.GetValueOrDefault(person.Name) < _limits.RunningEach) is { } next)
        {
            var wait = next.Waits.First?.Value ?? throw new InvalidOperationException("Somebody waits for nothing.");
            Forget(next, wait);
            if (next.Waits.Count > 0)
            {
                _waiting.Remove(next);
                _waiting.AddLast(next); // the others first
            }
            _running[next.Name] = _running.GetValueOrDefault(next.Name) + 1;
            wait.Turn.TrySetResult();
        }
        // The first of each comes before the second of anyone.
        foreach (var (before, (_, wait)) in _waiting.SelectMany(person => person.Waits.Index()).OrderBy(place => place.Index).Index())
            wait.Moved?.Invoke(new(before, _usual * ((before / _limits.AtOnce) + 1)));
    }

    private TimeSpan Since(long began) => clock.GetElapsedTime(began);

    private void Forget(Person person, Wait wait)
    {
        person.Waits.Remove(wait);
        if (person.Waits.Count == 0) _waiting.Remove(person);
    }

    private sealed record Wait(TaskCompletionSource Turn, Action<QueuePlace>? Moved);

    private sealed class Person(string name)
    {
        public string Name => name;

        public LinkedList<Wait> Waits { get; } = new();
    }

    private sealed class Turn(TextQueue queue, string person, long began) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) queue.End(person, queue.Since(began));
        }
    }
}

/// <param name="Before">Requests that come before.</param>
/// <param name="Wait">About how long it is until the turn; null where nothing was timed yet.</param>
internal readonly record struct QueuePlace(int Before, TimeSpan? Wait);

/// <summary>There is no place in the queue. One sentence for whoever asked.</summary>
internal sealed class BusyException(string message) : Exception(message);
