namespace ModelAtlas.Inference.Scheduling;

/// <summary>Limits of the processes that models run in.</summary>
public sealed record HostOptions
{
    /// <summary>Program to start; null: the one beside this.</summary>
    public string? Program { get; init; }

    public TimeSpan LoadLimit { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Longest a text may take.</summary>
    public TimeSpan TextLimit { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A process says it is alive every second; one that has not for so long is stuck.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What a stop may take before the process is killed.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A model nobody asks for so long leaves memory.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Two crashes while loading within this time, and the model is not tried again.</summary>
    public TimeSpan CrashWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Texts that may wait or run at once; more are turned away.</summary>
    public int MostTexts { get; init; } = 64;

    /// <summary>Address space beyond the model's files; null sets no limit.</summary>
    public long? MemoryBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Memory that all loaded models together may take; null: what the machine has.</summary>
    public long? TotalBytes { get; init; }
}

/// <summary>A model's process ended, got stuck or talked nonsense. One sentence for whoever waited for its text.</summary>
public sealed class HostFailedException(string message) : Exception(message);
