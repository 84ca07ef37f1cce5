namespace ModelAtlas.Web.Playground;

/// <summary>One turn for the orders of one wish: one text, or the two sides of a comparison. They wait as one, are made side by side, and the turn ends with the last of them.</summary>
/// <remarks>A comparison that took two turns would run one side after the other, since a person has one turn at a time; and two turns at a time would let everybody who asks plainly twice in the queue.</remarks>
internal sealed class SharedTurn(TextQueue queue, string person, int orders)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _alone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action<QueuePlace>> _told = [];
    private Task<IDisposable>? _turn;
    private Action? _giveUp;
    private QueuePlace? _place;
    private int _left = orders; // have not ended
    private int _active = orders; // have neither ended nor made way

    /// <summary>Waits for the turn. Each order calls it once, and <see cref="End"/> whatever came of it.</summary>
    /// <param name="moved">Told where the wish stands, whenever that changes.</param>
    /// <exception cref="BusyException">Too many wait already.</exception>
    public async Task EnterAsync(Action<QueuePlace> moved, CancellationToken cancellationToken)
    {
        Task<IDisposable> turn;
        lock (_lock)
        {
            _told.Add(moved);
            if (_place is { } place) moved(place);
            turn = _turn ??= Ask();
        }
        await turn.WaitAsync(cancellationToken);
    }

    /// <summary>An order is over.</summary>
    public void End()
    {
        Task<IDisposable>? turn;
        lock (_lock)
        {
            if (--_active == 0) _alone.TrySetResult();
            if (--_left > 0) return;
            turn = _turn;
        }
        _giveUp?.Invoke(); // it may be waiting still
        if (turn is not null) _ = EndAsync(turn);
    }

    /// <summary>For an order that lacks memory: waits until those it shares the turn with have ended. Null when none is at work, so that waiting would not help.</summary>
    public Task? OthersEnd(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_active == 1) return null;
            _active--;
        }
        return WaitAsync();

        async Task WaitAsync()
        {
            try
            {
                await _alone.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (_lock) _active++;
            }
        }
    }

    private Task<IDisposable> Ask()
    {
        var unwanted = new CancellationTokenSource();
        _giveUp = unwanted.Cancel;
        return queue.EnterAsync(person, Tell, unwanted.Token);
    }

    private void Tell(QueuePlace place)
    {
        lock (_lock)
        {
            _place = place;
            foreach (var moved in _told) moved(place);
        }
    }

    private static async Task EndAsync(Task<IDisposable> turn)
    {
        try
        {
            (await turn).Dispose();
        }
        catch (Exception never) when (never is OperationCanceledException or BusyException)
        {
            // the turn never came
        }
    }
}
