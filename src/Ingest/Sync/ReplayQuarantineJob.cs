using Microsoft.Extensions.Logging;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Tries all that is in quarantine again, as an admin has asked.</summary>
public sealed partial class ReplayQuarantineJob(QuarantineReplay replay, ILogger<ReplayQuarantineJob> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var result = await replay.RunAsync(cancellationToken);
        LogReplayed(result.Tried, result.Taken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Replayed {Tried} quarantined elements; {Taken} are in the catalogue now")]
    private partial void LogReplayed(int tried, int taken);
}
