using System.Globalization;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Changes;

/// <summary>Changes for programs and feed readers.</summary>
internal static class ChangeEndpoints
{
    public static void MapChanges(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ChangeFilter.Api, ListAsync).WithTags("Changes").CacheOutput(PageCache.Policy).WithName("ListChanges")
            .WithSummary("Changes of class and licence, conflicts that opened or closed, and new models, by the rules and by persons, newest first")
            .WithDescription($"Takes kind ({string.Join(", ", ChangeFilter.Kinds.Skip(1).Select(kind => kind.Id))}), org, model (owner/name), license (its identifier), limit (1 to 100) and cursor. The total counts those among the last {ChangeReader.Reach} verdicts.")
            .Produces<ChangesAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet(ChangeFilter.Feed, FeedAsync).CacheOutput(PageCache.Policy).ExcludeFromDescription();
    }

    /// <summary>One line that says what changed.</summary>
    public static string Words(CatalogChange change) => string.Join(", ", new[]
    {
        change.Word is { } word ? (word.IsOver ? "the override ended" : "set by a person") : null,
        change.IsNew ? $"new: {change.After.Label().ToLowerInvariant()}, licence {change.LicenseAfter ?? "none found"}{(change.Conflict.After ? ", sources disagree about it" : "")}" : null,
        change.IsClass ? $"class from {change.Before.Label().ToLowerInvariant()} to {change.After.Label().ToLowerInvariant()}" : null,
        change.IsLicense ? $"licence from {change.LicenseBefore ?? "none"} to {change.LicenseAfter ?? "none"}" : null,
        change.IsConflict ? (change.Conflict.After ? "sources began to disagree about the licence" : "sources no longer disagree about the licence") : null,
    }.OfType<string>());

    private static string Why(CatalogChange change) => change.Word is { IsOver: false } word
        ? string.Create(CultureInfo.InvariantCulture, $"Until {word.Until:d MMM yyyy}: {word.Reason}")
        : $"{(change.Disagreement is { } disagreement ? $"{disagreement} " : "")}{change.Basis.Label()}, rules {change.Rule}.";

    private static async Task<IResult> ListAsync(HttpContext context, ChangeReader changes, CancellationToken cancellationToken)
    {
        var (filter, problem) = await FilterAsync(context, changes, cancellationToken);
        if (problem is not null) return TypedResults.Problem(CatalogEndpoints.Details(context, problem));
        var page = await changes.ReadAsync(filter, cancellationToken);
        var total = await changes.CountAsync(filter, cancellationToken);
        return CatalogEndpoints.Answer(context, new([.. page.Items.Select(ChangeItem.Of)], total, page.Next?.ToString()), ChangeJson.Default.ChangesAnswer);
    }

    private static async Task<IResult> FeedAsync(HttpContext context, ChangeReader changes, CancellationToken cancellationToken)
    {
        var (filter, problem) = await FilterAsync(context, changes, cancellationToken);
        if (problem is not null) return TypedResults.Problem(CatalogEndpoints.Details(context, problem));
        var page = await changes.ReadAsync(filter, cancellationToken);
        var entries = page.Items.Select(change => new AtomEntry(
            string.Create(CultureInfo.InvariantCulture, $"{CatalogUrl.Model(change.RepoId)}#{(change.Word is null ? "verdict" : "override")}-{change.Id}"), $"{change.RepoId}: {Words(change)}", ModelPart.History.Url(change.RepoId), change.DecidedAt,
            $"{Words(change)}. {Why(change)}")).ToList();
        var about = string.Join(", ", new[] { filter.Of, filter.Kind is ChangeKind.Any ? null : ChangeFilter.Kinds.First(known => known.Kind == filter.Kind).Label.ToLowerInvariant() }.OfType<string>());
        return AtomFeed.Answer($"ModelAtlas: changes{(about.Length == 0 ? "" : $" ({about})")}", context.Request.Origin(), filter.Write(ChangeFilter.Feed), filter.Write(), entries);
    }

    private static async Task<(ChangeFilter Filter, Problem? Problem)> FilterAsync(HttpContext context, ChangeReader changes, CancellationToken cancellationToken)
    {
        var (filter, wrong) = ChangeFilter.Read(context.Request.Query);
        return filter is null ? (new(), new(400, "A key of the address cannot be read", wrong ?? "")) : await changes.FindAsync(filter, cancellationToken);
    }
}
