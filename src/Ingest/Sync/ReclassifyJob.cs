using System.Diagnostics;
using Hangfire;
using Microsoft.Extensions.Logging;
using ModelAtlas.Domain.Classification;

namespace ModelAtlas.Ingest.Sync;

/// <summary>After the rules have changed: judges every model again and keeps the old verdicts. Works for a while, then hands on to the next of its kind.</summary>
public sealed partial class ReclassifyJob(CatalogWriter catalog, IBackgroundJobClient jobs, ILogger<ReclassifyJob> logger)
{
    private const int SliceRows = 500;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(40);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await RunSliceAsync(Slice, cancellationToken)) jobs.Enqueue<ReclassifyJob>(job => job.RunAsync(CancellationToken.None));
    }

    /// <summary>True when there is more to do.</summary>
    internal async Task<bool> RunSliceAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var (started, last) = (Stopwatch.GetTimestamp(), (int?)0);
        do
        {
            last = await catalog.ReclassifyAsync(Classifier.RuleVersion, last.Value, SliceRows, cancellationToken);
            if (last is null) return false;
            LogJudged(Classifier.RuleVersion, last.Value);
        }
        while (Stopwatch.GetElapsedTime(started) < limit);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Judged by {Rules} up to model {Id}")]
    private partial void LogJudged(string rules, int id);
}
