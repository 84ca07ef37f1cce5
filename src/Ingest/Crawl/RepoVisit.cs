using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

/// <summary>Asks the hub about one repository, and writes what it says: its row, its new name, or that it is no longer there. All that is known of it stays.</summary>
internal sealed class RepoVisit(HubClient hub, CatalogWriter catalog, UnmetRepos repos, TimeProvider clock)
{
    /// <summary>A model, whether we know it or not. That the hub has it no longer is said of those only that it once had.</summary>
    public async Task<HubReply<HubModel>> MakeAsync(string repoId, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (await repos.FindModelAsync(repoId, cancellationToken) is { } known) return await SeeModelAsync(known, patience, cancellationToken);
        var reply = await hub.GetModelAsync(repoId, patience, cancellationToken);
        if (reply.Value is { } found) await WriteAsync(HubRepoKind.Models, [found], [], cancellationToken);
        return reply;
    }

    /// <summary>A repository that the hub once had.</summary>
    public async Task<VisitResult> MakeAsync(HubRepoKind kind, UnmetRepo known, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (kind == HubRepoKind.Models)
        {
            var model = await SeeModelAsync(known, patience, cancellationToken);
            return new(model.Outcome, model.Detail, model.RetryAt);
        }
        var dataset = await SeeDatasetAsync(known, patience, cancellationToken);
        return new(dataset.Outcome, dataset.Detail, dataset.RetryAt);
    }

    private async Task<HubReply<HubModel>> SeeModelAsync(UnmetRepo known, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reply = await hub.GetModelAsync(known.RepoId, patience, cancellationToken);
        var last = new HubModel { Id = known.RepoId, HubId = known.HubId };
        HubModel? observed = StateOf(reply.Outcome, reply.Value?.HubId, known) switch
        {
            RepoState.Listed => reply.Value,
            RepoState.Gone => last with { Removed = true },
            RepoState.Withdrawn => last with { Withdrawn = true },
            RepoState.Disabled => last with { Disabled = true },
            _ => null,
        };
        if (observed is not null) await WriteAsync(HubRepoKind.Models, [observed], [], cancellationToken);
        return reply;
    }

    private async Task<HubReply<HubDataset>> SeeDatasetAsync(UnmetRepo known, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reply = await hub.GetDatasetAsync(known.RepoId, patience, cancellationToken);
        var last = new HubDataset { Id = known.RepoId, HubId = known.HubId };
        HubDataset? observed = StateOf(reply.Outcome, reply.Value?.HubId, known) switch
        {
            RepoState.Listed => reply.Value,
            RepoState.Gone => last with { Removed = true },
            RepoState.Withdrawn => last with { Withdrawn = true },
            RepoState.Disabled => last with { Disabled = true },
            _ => null,
        };
        if (observed is not null) await WriteAsync(HubRepoKind.Datasets, [], [observed], cancellationToken);
        return reply;
    }

    private Task<PageResult> WriteAsync(HubRepoKind kind, IReadOnlyList<HubModel> models, IReadOnlyList<HubDataset> datasets, CancellationToken cancellationToken) =>
        catalog.WriteAsync(new(new CrawlPlan(kind, CrawlMode.Full).RowSource, clock.GetUtcNow(), models, datasets, [], null), cancellationToken);

    /// <summary>Null when the answer says nothing about where the repository stands.</summary>
    private static RepoState? StateOf(HubOutcome outcome, string? found, UnmetRepo known) => outcome switch
    {
        // A name proves no identity: behind it there may be another repository by now.
        HubOutcome.Found => found is null || found == known.HubId ? RepoState.Listed : RepoState.Gone,
        HubOutcome.NotFound or HubOutcome.NotPublic or HubOutcome.Gone => RepoState.Gone,
        HubOutcome.Withdrawn => RepoState.Withdrawn,
        HubOutcome.Disabled => RepoState.Disabled,
        _ => null,
    };
}

/// <summary>What the hub said, without what it said it about.</summary>
internal sealed record VisitResult(HubOutcome Outcome, string? Detail, DateTimeOffset? RetryAt);
