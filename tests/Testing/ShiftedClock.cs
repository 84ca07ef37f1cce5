namespace ModelAtlas.Testing;

/// <summary>The wall clock, some time ahead. Waits take as long as they do.</summary>
public sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
