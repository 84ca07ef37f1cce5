using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>How the crawl is cut and paced.</summary>
public sealed class SyncOptions
{
    public const string Section = "Atlas:Sync";

    /// <summary>Work of one job. A kill costs at most the page in hand, whatever this is; short slices keep workers free for others.</summary>
    public TimeSpan Slice { get; set; } = TimeSpan.FromSeconds(55);

    /// <summary>How long a job waits for the hub before it leaves the rest to a later one.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>How far an incremental crawl reads back behind the newest change that it has seen.</summary>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Age at which a full crawl is made again.</summary>
    public TimeSpan FullEvery { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Share of the models that one crawl may find gone. Beyond it the hub, or we, are more likely at fault, and nothing is marked.</summary>
    public double VanishingLimit { get; set; } = 0.02;
}

internal sealed class SyncOptionsValidator : IValidateOptions<SyncOptions>
{
    public ValidateOptionsResult Validate(string? name, SyncOptions options)
    {
        var wrong = Faults(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Faults(SyncOptions options)
    {
        if (options.Slice < TimeSpan.Zero || options.Slice > TimeSpan.FromSeconds(60)) yield return $"Atlas__Sync__Slice is {options.Slice}: up to 00:01:00 is allowed.";
        if (options.Patience < TimeSpan.Zero || options.Patience > TimeSpan.FromSeconds(60)) yield return $"Atlas__Sync__Patience is {options.Patience}: up to 00:01:00 is allowed.";
        if (options.Overlap < TimeSpan.Zero || options.Overlap > TimeSpan.FromDays(30)) yield return $"Atlas__Sync__Overlap is {options.Overlap}: up to 30.00:00:00 is allowed.";
        if (options.FullEvery < TimeSpan.FromHours(1)) yield return $"Atlas__Sync__FullEvery is {options.FullEvery}: at least 01:00:00 is needed, to spare the hub.";
        if (options.VanishingLimit is < 0 or > 1) yield return $"Atlas__Sync__VanishingLimit is {options.VanishingLimit}: a share from 0 to 1 is allowed.";
    }
}
