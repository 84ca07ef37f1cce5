using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Asks the hub about one model that we know, and writes what it says: its row, its new name, or that it is no longer there.</summary>
internal sealed class RepoVisit(HubClient hub, CatalogWriter catalog, RepoStateWriter states, TimeProvider clock)
{
    /// <summary>The hub's answer; <see cref="HubReply{T}.Value"/> is what was written.</summary>
    public async Task<HubReply<HubModel>> MakeAsync(UnmetModel known, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reply = await hub.GetModelAsync(known.RepoId, patience, cancellationToken);
        var now = clock.GetUtcNow();
        if (StateOf(reply, known) is { } state) await states.MarkAsync(known.Id, state, now.UtcDateTime, cancellationToken);
        else if (reply.Value is { } model) await catalog.WriteAsync(new(new CrawlPlan(HubRepoKind.Models, CrawlMode.Full).RowSource, now, [model], [], [], null), cancellationToken);
        return reply;
    }

    /// <summary>Null when the answer says nothing about where the repository stands.</summary>
    private static RepoState? StateOf(HubReply<HubModel> reply, UnmetModel known) => reply.Outcome switch
    {
        // A name proves no identity: behind it there may be another repository by now.
        HubOutcome.Found when reply.Value?.HubId is { } found && found != known.HubId => RepoState.Gone,
        HubOutcome.Found when reply.Value?.Private == true => RepoState.Private,
        HubOutcome.NotFound or HubOutcome.NotPublic or HubOutcome.Gone => RepoState.Gone,
        HubOutcome.Disabled => RepoState.Disabled,
        HubOutcome.Withdrawn => RepoState.Withdrawn,
        _ => null,
    };
}
