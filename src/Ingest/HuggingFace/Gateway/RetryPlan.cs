using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>How long to wait before the next try: what the hub asks for, else growing with jitter. Never longer than <see cref="HubOptions.MaxWait"/>.</summary>
internal sealed class RetryPlan(TimeProvider clock, IOptions<HubOptions> options, Random random)
{
    public TimeSpan Before(int retry)
    {
        var delay = options.Value.RetryDelay * Math.Pow(2, Math.Min(retry, 20)) * (0.8 + 0.4 * random.NextDouble());
        return delay < options.Value.MaxWait ? delay : options.Value.MaxWait;
    }

    /// <summary>Seconds or a date; null for anything else, and for what lies in the past.</summary>
    public TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (headers.RetryAfter is not { } asked) return null;
        var wait = asked.Delta ?? asked.Date - (headers.Date ?? clock.GetUtcNow());
        if (wait is not { } found || found <= TimeSpan.Zero) return null;
        return found < options.Value.MaxWait ? found : options.Value.MaxWait;
    }
}
