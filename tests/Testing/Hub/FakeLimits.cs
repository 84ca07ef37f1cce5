namespace ModelAtlas.Testing.Hub;

/// <summary>Fixed windows, as the hub counts: so many API calls in so many seconds, told on every answer.</summary>
public sealed class FakeLimits(int quota, TimeSpan window, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _ends;
    private int _left;

    /// <summary>How often the quota was overstepped.</summary>
    public int Refused { get; private set; }

    /// <summary>Counts a request: its headers, and whether it may pass.</summary>
    internal (bool Passes, string RateLimit, string Policy) Count()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now >= _ends) (_ends, _left) = (now + window, quota);
            var passes = _left > 0;
            if (passes) _left--;
            else Refused++;
            return (passes, $"\"api\";r={_left};t={Math.Ceiling((_ends - now).TotalSeconds)}", $"\"fixed window\";\"api\";q={quota};w={window.TotalSeconds}");
        }
    }
}
