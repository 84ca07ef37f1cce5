using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>How many requests may still go out. One for the whole process: the hub counts per address or account, not per job.</summary>
internal sealed class HubBudget(TimeProvider clock, IOptions<HubOptions> options)
{
    private const int UnannouncedQuota = 400;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly long _origin = clock.GetTimestamp();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Zero: the request may go now and is counted. Otherwise: how long to wait before asking again.</summary>
    public TimeSpan Take(string bucket)
    {
        lock (_gate)
        {
            var (state, now) = (Of(bucket), Now);
            var wait = Wait(state, now);
            if (wait > TimeSpan.Zero) return wait;
            state.Left--;
            state.LastAt = now;
            if (now >= state.OwnUntil) (state.OwnUntil, state.OwnCount) = (now + Window, 0);
            state.OwnCount++;
            return TimeSpan.Zero;
        }
    }

    /// <summary>Takes in what the headers of an answer say. Every answer has them on the real hub, redirects and errors too.</summary>
    public void Learn(HttpResponseHeaders headers)
    {
        lock (_gate)
        {
            if (headers.TryGetValues("RateLimit-Policy", out var policies))
                foreach (var item in RateLimitHeader.Read(policies))
                    if (item["q"] is > 0 and <= int.MaxValue and var quota && Known(item.Bucket)) Of(item.Bucket).Quota = (int)quota;
            if (!headers.TryGetValues("RateLimit", out var limits)) return;
            foreach (var item in RateLimitHeader.Read(limits))
            {
                if (item["r"] is not { } left || item["t"] is not { } seconds || !Known(item.Bucket)) continue;
                var state = Of(item.Bucket);
                state.Left = (int)Math.Min(left, int.MaxValue);
                state.ResetAt = Now + Capped(seconds);
            }
        }
    }

    /// <summary>How each bucket stands that the hub or we have counted in.</summary>
    public IReadOnlyList<HubAllowance> Read()
    {
        lock (_gate)
        {
            var (now, utc) = (Now, clock.GetUtcNow().UtcDateTime);
            return [.. _buckets.Select(bucket => new HubAllowance(
                bucket.Key, now < bucket.Value.ResetAt ? bucket.Value.Left : null, bucket.Value.Quota ?? OwnQuota(bucket.Value), now < bucket.Value.OwnUntil ? bucket.Value.OwnCount : 0,
                now < bucket.Value.ResetAt ? utc + (bucket.Value.ResetAt - now) : null, now < bucket.Value.BlockedUntil ? utc + (bucket.Value.BlockedUntil - now) : null))];
        }
    }

    /// <summary>The wait that the exhausted bucket of a 429 asks for; null when no header names one.</summary>
    public TimeSpan? Exhausted(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("RateLimit", out var limits)) return null;
        var waits = RateLimitHeader.Read(limits).Where(item => item["r"] == 0 && item["t"] is not null).Select(item => Capped(item["t"] ?? 0)).ToList();
        return waits.Count == 0 ? null : waits.Max();
    }

    public void Block(string bucket, TimeSpan wait)
    {
        lock (_gate)
        {
            var state = Of(bucket);
            state.BlockedUntil = Max(state.BlockedUntil, Now + wait);
        }
    }

    /// <summary>Free running until a quarter is left above the reserve of a tenth, then spread over the rest of the window, then nothing until it ends.</summary>
    private TimeSpan Wait(Bucket state, TimeSpan now)
    {
        var until = state.BlockedUntil;
        if (state.Left is { } left && now < state.ResetAt)
        {
            var quota = state.Quota ?? Math.Max(left, 1);
            var spare = left - (quota + 9) / 10;
            if (spare <= 0) until = Max(until, state.ResetAt);
            else if (spare < quota / 4) until = Max(until, state.LastAt + (state.ResetAt - state.LastAt) / (spare + 1));
        }
        if (OwnQuota(state) is { } own && now < state.OwnUntil && state.OwnCount >= own) until = Max(until, state.OwnUntil);
        return until - now;
    }

    private int? OwnQuota(Bucket state) =>
        options.Value.RequestsPerWindow ?? (state.Quota is null && !options.Value.IsLoopback ? UnannouncedQuota : null);

    /// <summary>A hub that invents bucket names must not fill our memory.</summary>
    private bool Known(string bucket) => _buckets.ContainsKey(bucket) || _buckets.Count < 16;

    private Bucket Of(string name) => _buckets.TryGetValue(name, out var bucket) ? bucket : _buckets[name] = new();

    private TimeSpan Capped(long seconds) => TimeSpan.FromSeconds(Math.Min(seconds + 1, (long)options.Value.MaxWait.TotalSeconds));

    private TimeSpan Now => clock.GetElapsedTime(_origin);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private sealed class Bucket
    {
        public int? Quota;
        public int? Left;
        public TimeSpan ResetAt;
        public TimeSpan BlockedUntil;
        public TimeSpan LastAt;
        public TimeSpan OwnUntil;
        public int OwnCount;
    }
}
