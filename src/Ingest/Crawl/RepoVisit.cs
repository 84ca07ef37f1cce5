using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Asks the hub about one model, and writes what it says: its row, its new name, or that it is no longer there. All that is known of it stays.</summary>
internal sealed class RepoVisit(HubClient hub, CatalogWriter catalog, UnmetModels models, TimeProvider clock)
{
    private static readonly string RowSource = new CrawlPlan(HubRepoKind.Models, CrawlMode.Full).RowSource;

    /// <summary>Whether we know it or not. That the hub has it no longer is said of those only that it once had.</summary>
    public async Task<HubReply<HubModel>> MakeAsync(string repoId, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (await models.FindAsync(repoId, cancellationToken) is { } known) return await MakeAsync(known, patience, cancellationToken);
        var reply = await hub.GetModelAsync(repoId, patience, cancellationToken);
        if (reply.Value is { } found) await WriteAsync(found, cancellationToken);
        return reply;
    }

    public async Task<HubReply<HubModel>> MakeAsync(UnmetModel known, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reply = await hub.GetModelAsync(known.RepoId, patience, cancellationToken);
        if (Observed(reply, new() { Id = known.RepoId, HubId = known.HubId }) is { } observed) await WriteAsync(observed, cancellationToken);
        return reply;
    }

    private Task<PageResult> WriteAsync(HubModel observed, CancellationToken cancellationToken) => catalog.WriteAsync(new(RowSource, clock.GetUtcNow(), [observed], [], [], null), cancellationToken);

    /// <summary>Null when the answer says nothing about where the repository stands.</summary>
    private static HubModel? Observed(HubReply<HubModel> reply, HubModel known) => reply.Outcome switch
    {
        // A name proves no identity: behind it there may be another repository by now.
        HubOutcome.Found when reply.Value?.HubId is { } found && found != known.HubId => known with { Removed = true },
        HubOutcome.Found => reply.Value,
        HubOutcome.NotFound or HubOutcome.NotPublic or HubOutcome.Gone => known with { Removed = true },
        HubOutcome.Withdrawn => known with { Withdrawn = true },
        HubOutcome.Disabled => known with { Disabled = true },
        _ => null,
    };
}
