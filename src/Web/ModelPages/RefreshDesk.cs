using System.Threading.RateLimiting;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Web.ModelPages;

/// <summary>Has the hub asked for one model, for people who want it now. A refusal is a sentence for them; null means that it is under way.</summary>
internal sealed class RefreshDesk(IBackgroundJobClient jobs, IMemoryCache cache, IOptions<HubOptions> hub) : IDisposable
{
    public const int PerHour = 20;

    /// <summary>Whoever asks for the same model within this time shares what the first one has asked for.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    private readonly PartitionedRateLimiter<string> _perPerson = PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.GetFixedWindowLimiter(
        who, _ => new() { PermitLimit = PerHour, Window = TimeSpan.FromHours(1), QueueLimit = 0 }));

    public bool IsOffline => hub.Value.Offline;

    public string? Ask(string id, string who)
    {
        if (IsOffline) return "This site asks no Hub: it was started offline.";
        if (RepoId.Refuse(id) is not null || !id.Contains('/', StringComparison.Ordinal) || id.StartsWith("_/", StringComparison.Ordinal)) return "The Hub can have no model of this name: names are owner/name.";
        var key = (nameof(RefreshDesk), id);
        if (cache.TryGetValue(key, out _)) return null;
        using var lease = _perPerson.AttemptAcquire(who);
        if (!lease.IsAcquired) return $"You may ask for {PerHour} models an hour. Ask for this one later.";
        jobs.Create(IngestSchedule.ReadModel(id), new EnqueuedState());
        cache.Set(key, true, Rest);
        return null;
    }

    public void Dispose() => _perPerson.Dispose();
}
