using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Changes;

/// <summary>Verdicts that say something else than the one before them, and the first ones of new models.</summary>
internal static class VerdictChanges
{
    /// <summary>What a new model has at least, or the likes, unless it is a service, which tells neither.</summary>
    public const int Downloads = 1_000;
    public const int Likes = 50;

    /// <summary>Those behind one verdict and before another that say something else than the one before, as the filter asks.</summary>
    public static IQueryable<VerdictChange> Changed(AtlasDbContext db, ChangeKind kind, ChangeScope scope, long start, long end)
    {
        var parts = Parts(kind);
        return Among(db, scope, start, end).Where(change => change.Parts != ChangedParts.New && (change.Parts & parts) != 0); // the first half names the index
    }

    /// <summary>The first ones of new models that people use.</summary>
    public static IQueryable<VerdictChange> New(AtlasDbContext db, ChangeScope scope, long start, long end) =>
        from change in Among(db, scope, start, end)
        join model in db.Models on change.ModelId equals model.Id
        join counters in db.Counters on change.ModelId equals counters.ModelId
        where change.Parts == ChangedParts.New && (model.State == RepoState.Service || counters.Downloads >= Downloads || counters.Likes >= Likes) && !db.Bases.Any(link => link.ModelId == change.ModelId && link.Relation == BaseRelation.Quantized)
        select change;

    /// <summary>These few with all that is told, newest first.</summary>
    public static IQueryable<CatalogChange> Tell(AtlasDbContext db, IQueryable<VerdictChange> few) =>
        from change in few
        join verdict in db.Verdicts on change.VerdictId equals verdict.Id
        join model in db.Models on change.ModelId equals model.Id
        join past in db.Verdicts on change.BeforeId equals past.Id into pasts
        from before in pasts.DefaultIfEmpty()
        orderby change.VerdictId descending
        select new CatalogChange(
            verdict.Id, model.RepoId, before == null ? verdict.Class : before.Class, verdict.Class, verdict.Basis,
            db.Licenses.Where(license => license.Id == (before == null ? verdict.LicenseId : before.LicenseId)).Select(license => license.Name).FirstOrDefault(),
            db.Licenses.Where(license => license.Id == verdict.LicenseId).Select(license => license.Name).FirstOrDefault(),
            new(before == null ? verdict.Conflict : before.Conflict, verdict.Conflict), before == null,
            before == null ? verdict.RuleVersion : before.RuleVersion, verdict.RuleVersion, verdict.Revision,
            before == null ? verdict.ObservedAt : before.ObservedAt, verdict.ObservedAt, verdict.DecidedAt, null);

    private static IQueryable<VerdictChange> Among(AtlasDbContext db, ChangeScope scope, long start, long end)
    {
        var changes = db.VerdictChanges.Where(change => change.VerdictId > start && change.VerdictId < end);
        if (scope.Author is { } author) changes = changes.Where(change => db.Models.Any(model => model.Id == change.ModelId && model.AuthorId == author));
        if (scope.Model is { } id) changes = changes.Where(change => change.ModelId == id);
        if (scope.License is { } license) changes = changes.Where(change => db.Verdicts.Any(verdict => (verdict.Id == change.VerdictId || verdict.Id == change.BeforeId) && verdict.LicenseId == license));
        return changes;
    }

    private static ChangedParts Parts(ChangeKind kind) => kind switch
    {
        ChangeKind.Class => ChangedParts.Class,
        ChangeKind.License => ChangedParts.License,
        ChangeKind.Conflict => ChangedParts.Conflict,
        ChangeKind.Rules => ChangedParts.Rules,
        _ => ChangedParts.Class | ChangedParts.License | ChangedParts.Conflict,
    };

    /// <summary>The page with what the sources say against each other, where they began to.</summary>
    public static async Task<ChangePage> ExplainAsync(AtlasDbContext db, ChangePage page, CancellationToken cancellationToken)
    {
        var opened = page.Items.Where(change => change is { Conflict: (false, true), Word: null }).Select(change => change.Id).ToList();
        if (opened is []) return page;
        var documents = await db.Verdicts.Where(verdict => opened.Contains(verdict.Id)).ToDictionaryAsync(verdict => verdict.Id, verdict => verdict.Document, cancellationToken);
        return page with
        {
            Items = [.. page.Items.Select(change => change.Word is null && documents.GetValueOrDefault(change.Id) is { } document ? change with { Disagreement = Disagreement(document) } : change)],
        };
    }

    private static string? Disagreement(string document) => JsonSerializer.Deserialize(document, VerdictJson.Default.Verdict)?.License.Conflicts is [var first, ..] ? first : null;
}
