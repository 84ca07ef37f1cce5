using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>The only way to the hub: budget, tries and redirects around <see cref="HubAttempt"/>. Whatever can be expected to go wrong is a value.</summary>
internal sealed partial class HubGateway(HubAttempt attempts, HubBudget budget, RetryPlan retries, TimeProvider clock, IOptions<HubOptions> options, ILogger<HubGateway> logger)
{
    public async Task<HubAnswer> AskAsync(HubQuestion question, CancellationToken cancellationToken)
    {
        if (options.Value.Offline) return new(HubOutcome.Offline, question.Uri, Detail: "Offline: nothing is fetched from the hub.");
        var (uri, patience, tries, hops) = (question.Uri, question.Patience, 0, 0);
        while (true)
        {
            for (TimeSpan wait; (wait = budget.Take(HubQuestion.BucketOf(uri))) > TimeSpan.Zero; patience -= wait)
            {
                if (wait > patience) return Later(HubOutcome.Busy, uri, wait, $"The hub's request budget is used up for another {wait.TotalSeconds:0} s.");
                await Task.Delay(wait, clock, cancellationToken);
            }
            switch (await attempts.SendAsync(uri, question, cancellationToken))
            {
                case HubStep.Done done:
                    return done.Answer;
                case HubStep.Moved moved when ++hops > options.Value.MaxRedirects:
                    return new(HubOutcome.Unusable, uri, Detail: $"The hub redirects more than {options.Value.MaxRedirects} times, last to {moved.To.AbsolutePath}.");
                case HubStep.Moved moved:
                    uri = moved.To;
                    break;
                case HubStep.Again again when tries == options.Value.Retries:
                    LogGaveUp(uri.AbsolutePath, tries + 1, again.Reason);
                    return Later(again.Otherwise, uri, again.Wait ?? retries.Before(tries), $"{again.Reason} ({tries + 1} tries)");
                case HubStep.Again again:
                    var pause = again.Wait ?? retries.Before(tries);
                    LogAgain(uri.AbsolutePath, ++tries, again.Reason, pause);
                    if (again.Throttled) budget.Block(HubQuestion.BucketOf(uri), pause);
                    if (pause > patience) return Later(again.Otherwise, uri, pause, again.Reason);
                    if (again.Throttled) break;
                    patience -= pause;
                    await Task.Delay(pause, clock, cancellationToken);
                    break;
            }
        }
    }

    private HubAnswer Later(HubOutcome outcome, Uri from, TimeSpan wait, string detail) => new(outcome, from, Detail: detail, RetryAt: clock.GetUtcNow() + wait);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hub {Path}: try {Try} failed: {Reason} Next in {Pause}")]
    private partial void LogAgain(string path, int @try, string reason, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hub {Path}: given up after {Tries} tries: {Reason}")]
    private partial void LogGaveUp(string path, int tries, string reason);
}
