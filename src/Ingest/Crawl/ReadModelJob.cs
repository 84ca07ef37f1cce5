using Hangfire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Reads one repository, as somebody has asked: its row, then its card and licence file. When the hub has no room for it, the same again later.</summary>
internal sealed partial class ReadModelJob(RepoVisit visit, CardCrawl cards, IBackgroundJobClient jobs, IOptions<SyncOptions> options, ILogger<ReadModelJob> logger)
{
    public async Task RunAsync(string repoId, CancellationToken cancellationToken)
    {
        var row = await visit.MakeAsync(repoId, options.Value.Patience, cancellationToken);
        var (outcome, retryAt) = (row.Outcome, row.RetryAt);
        if (row.Value is { Removed: not true } found && await cards.ReadOneAsync(found.Id, options.Value.Patience, cancellationToken) is { Outcome: HubOutcome.Busy } card) (outcome, retryAt) = (card.Outcome, card.RetryAt);
        if (outcome == HubOutcome.Busy && retryAt is { } at) jobs.Schedule<ReadModelJob>(job => job.RunAsync(repoId, CancellationToken.None), at);
        LogRead(repoId, outcome);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Asked for {Model}: {Outcome}")]
    private partial void LogRead(string model, HubOutcome outcome);
}
