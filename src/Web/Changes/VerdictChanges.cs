using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Changes;

/// <summary>Verdicts that say something else than the one before them, and the first ones of new models.</summary>
internal static class VerdictChanges
{
    /// <summary>A model is new when it was published at most so many days before it came in: else a first import would be a list of novelties.</summary>
    public const int NewForDays = 30;

    /// <summary>What a new model has at least, or the likes, unless it is a service, which tells neither.</summary>
    public const int Downloads = 1_000;
    public const int Likes = 50;

    /// <summary>Those of the verdicts from one id up to another that the filter asks for, newest first.</summary>
    public static IQueryable<CatalogChange> Of(AtlasDbContext db, ChangeFilter filter, long start, long end)
    {
        var verdicts = db.Verdicts.Where(verdict => verdict.Id >= start && verdict.Id < end);
        if (filter.Org is { } org)
            verdicts = verdicts.Where(verdict => db.Models.Any(model => model.Id == verdict.ModelId && db.Terms.Any(term => term.Id == model.AuthorId && term.Kind == TermKind.Author && term.Name == org)));
        if (filter.Model is { } name) verdicts = verdicts.Where(verdict => db.Models.Any(model => model.Id == verdict.ModelId && model.RepoId == name));
        var pairs = Among(db, filter.Kind, verdicts);
        if (filter.License is { } key)
            pairs = pairs.Where(pair => db.Licenses.Any(license => license.Key == key && (license.Id == pair.Verdict.LicenseId || (pair.Before != null && license.Id == pair.Before.LicenseId))));
        return
            from pair in pairs
            let verdict = pair.Verdict
            orderby verdict.Id descending
            select new CatalogChange(
                verdict.Id, pair.Model.RepoId, pair.Before == null ? verdict.Class : pair.Before.Class, verdict.Class, verdict.Basis,
                db.Licenses.Where(license => license.Id == (pair.Before == null ? verdict.LicenseId : pair.Before.LicenseId)).Select(license => license.Name).FirstOrDefault(),
                db.Licenses.Where(license => license.Id == verdict.LicenseId).Select(license => license.Name).FirstOrDefault(),
                new(pair.Before == null ? verdict.Conflict : pair.Before.Conflict, verdict.Conflict), pair.Before == null,
                pair.Before == null ? verdict.RuleVersion : pair.Before.RuleVersion, verdict.RuleVersion, verdict.Revision,
                pair.Before == null ? verdict.ObservedAt : pair.Before.ObservedAt, verdict.ObservedAt, verdict.DecidedAt, null);
    }

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

    private static IQueryable<Pair> Among(AtlasDbContext db, ChangeKind kind, IQueryable<CatalogVerdict> verdicts)
    {
        var pairs =
            from verdict in verdicts
            join model in db.Models on verdict.ModelId equals model.Id
            from before in db.Verdicts.Where(past => past.ModelId == verdict.ModelId && past.Id < verdict.Id).OrderByDescending(past => past.Id).Take(1).DefaultIfEmpty()
            select new Pair { Verdict = verdict, Model = model, Before = before };
        var changed = pairs.Where(pair => pair.Before != null
            && (pair.Before.Class != pair.Verdict.Class || pair.Before.LicenseId != pair.Verdict.LicenseId || pair.Before.Conflict != pair.Verdict.Conflict));
        return kind switch
        {
            ChangeKind.Class => pairs.Where(pair => pair.Before != null && pair.Before.Class != pair.Verdict.Class),
            ChangeKind.License => pairs.Where(pair => pair.Before != null && pair.Before.LicenseId != pair.Verdict.LicenseId),
            ChangeKind.Conflict => pairs.Where(pair => pair.Before != null && pair.Before.Conflict != pair.Verdict.Conflict),
            ChangeKind.Rules => changed.Where(pair => pair.Before != null && pair.Before.RuleVersion != pair.Verdict.RuleVersion),
            _ => pairs.Where(pair => pair.Before != null
                ? kind == ChangeKind.Any && (pair.Before.Class != pair.Verdict.Class || pair.Before.LicenseId != pair.Verdict.LicenseId || pair.Before.Conflict != pair.Verdict.Conflict)
                : pair.Model.CreatedAt >= pair.Verdict.DecidedAt.AddDays(-NewForDays)
                    && (pair.Model.State == RepoState.Service || db.Counters.Any(counters => counters.ModelId == pair.Model.Id && (counters.Downloads >= Downloads || counters.Likes >= Likes)))
                    && !db.Bases.Any(link => link.ModelId == pair.Model.Id && link.Relation == BaseRelation.Quantized)),
        };
    }

    private sealed class Pair
    {
        public required CatalogVerdict Verdict { get; init; }
        public required CatalogModel Model { get; init; }

        /// <summary>Null for the first verdict of a model.</summary>
        public CatalogVerdict? Before { get; init; }
    }
}
