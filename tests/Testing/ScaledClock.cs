namespace ModelAtlas.Testing;

/// <summary>Runs faster than the wall clock, timers included, so that waits of minutes take a moment while everything that shares it still sees them in full.</summary>
public sealed class ScaledClock(double speed) : TimeProvider
{
    private readonly long _started = System.GetTimestamp();
    private readonly DateTimeOffset _startedAt = System.GetUtcNow();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(System.GetElapsedTime(_started).Ticks * speed);

    public override DateTimeOffset GetUtcNow() => _startedAt + System.GetElapsedTime(_started) * speed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new ScaledTimer(callback, state, dueTime, period, speed);

    private sealed class ScaledTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period, double speed) : ITimer
    {
        private readonly ITimer _inner = System.CreateTimer(callback, state, Scaled(dueTime, speed), Scaled(period, speed));

        public bool Change(TimeSpan dueTime, TimeSpan period) => _inner.Change(Scaled(dueTime, speed), Scaled(period, speed));

        /// <summary>Rounded up: a timer may be late, never early.</summary>
        private static TimeSpan Scaled(TimeSpan span, double speed) =>
            span <= TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds / speed) + 1);

        public void Dispose() => _inner.Dispose();

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
