using System.Diagnostics;
using Hangfire;
using Microsoft.Extensions.Logging;

namespace ModelAtlas.Ingest.Sync;

/// <summary>After a base or a dataset has changed: judges the models again that rest on it. Works for a while, then hands on to the next of its kind; two at once take turns.</summary>
public sealed partial class JudgeDueJob(CatalogWriter catalog, IBackgroundJobClient jobs, ILogger<JudgeDueJob> logger)
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(40);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (started, judged) = (Stopwatch.GetTimestamp(), 0);
        while (await catalog.JudgeDueAsync(CatalogWriter.DueAtOnce, cancellationToken) is > 0 and var some)
        {
            judged += some;
            if (Stopwatch.GetElapsedTime(started) < Slice) continue;
            jobs.Enqueue<JudgeDueJob>(job => job.RunAsync(CancellationToken.None));
            break;
        }
        if (judged > 0) LogJudged(judged);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Judged {Count} models again whose bases or datasets had changed")]
    private partial void LogJudged(int count);
}
