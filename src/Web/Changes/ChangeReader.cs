using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Changes;

/// <summary>What changed and what is new, out of the append-only verdicts and of what persons set in their place, newest first.</summary>
internal sealed class ChangeReader(CatalogStore store, CatalogPulse pulse, CatalogIndex index, IMemoryCache cache)
{
    private const int MostCounted = 10_000;

    /// <summary>So many verdicts are looked at for the total.</summary>
    public const long Reach = 100_000;

    /// <summary>The filter with what it names as it is called now, or why there can be no such list.</summary>
    public async Task<(ChangeFilter Filter, Problem? Problem)> FindAsync(ChangeFilter filter, CancellationToken cancellationToken)
    {
        if (filter.License is { } license)
        {
            var key = LicenseUrl.Find(license)?.Id;
            if (key is null && !await store.ReadAsync(db => db.Licenses.AnyAsync(known => known.Key == license, cancellationToken), cancellationToken))
                return (filter, new(404, "We do not know this licence", $"{license} is no licence that the desk knows, and no model here has it. /licenses lists those it does."));
            filter = filter with { License = key ?? license };
        }
        if (filter.Model is not { } name) return (filter, null);
        var now = await store.ReadAsync(db => NamedModel.Of(db, name).Select(model => model.RepoId).FirstOrDefaultAsync(cancellationToken), cancellationToken);
        return now is null ? (filter, UnknownModel.ProblemOf(name)) : (filter with { Model = now }, null);
    }

    public Task<ChangePage> ReadAsync(ChangeFilter filter, CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        await GoAloneAsync(db, cancellationToken);
        var from = filter.Cursor ?? ChangeCursor.Start;
        var found = await FindAsync(db, filter, from.Verdict, cancellationToken);
        var since = found.Count > filter.Size ? found[^1].DecidedAt : DateTime.UnixEpoch;
        var words = await PersonsWords.ReadAsync(db, filter, from, since, filter.Size + 1, cancellationToken);
        return await VerdictChanges.ExplainAsync(db, Merge(filter.Size, from, found, words), cancellationToken);
    }, cancellationToken);

    /// <summary>One more than the page holds. What changed and what is new are asked for apart: one question for both would be answered by going through all of them.</summary>
    private static async Task<List<CatalogChange>> FindAsync(AtlasDbContext db, ChangeFilter filter, long end, CancellationToken cancellationToken)
    {
        if (await ScopeAsync(db, filter, cancellationToken) is not { } scope) return [];
        Task<List<CatalogChange>> NewestAsync(IQueryable<VerdictChange> changes) =>
            VerdictChanges.Tell(db, changes.OrderByDescending(change => change.VerdictId).Take(filter.Size + 1)).ToListAsync(cancellationToken);
        var changed = filter.Kind is ChangeKind.New ? [] : await NewestAsync(VerdictChanges.Changed(db, filter.Kind, scope, 0, end));
        if (filter.Kind is not (ChangeKind.Any or ChangeKind.New)) return changed;
        var added = await NewestAsync(VerdictChanges.New(db, scope, 0, end));
        return [.. changed.Concat(added).OrderByDescending(change => change.Id).Take(filter.Size + 1)];
    }

    /// <summary>Several workers would each read ahead, where one can stop as soon as the page is full.</summary>
    private static Task<int> GoAloneAsync(AtlasDbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync("SET LOCAL max_parallel_workers_per_gather = 0", cancellationToken);

    /// <summary>The numbers of what is asked for, with which the database knows how many models that is; null where one of them is not in the catalogue.</summary>
    private static async Task<ChangeScope?> ScopeAsync(AtlasDbContext db, ChangeFilter filter, CancellationToken cancellationToken)
    {
        var scope = new ChangeScope();
        if (filter.Org is { } org)
        {
            scope = scope with { Author = await db.Terms.Where(term => term.Kind == TermKind.Author && term.Name == org).Select(term => (int?)term.Id).FirstOrDefaultAsync(cancellationToken) };
            if (scope.Author is null) return null;
        }
        if (filter.Model is { } name)
        {
            scope = scope with { Model = await db.Models.Where(model => model.RepoId == name).Select(model => (int?)model.Id).FirstOrDefaultAsync(cancellationToken) };
            if (scope.Model is null) return null;
        }
        if (filter.License is { } key)
        {
            scope = scope with { License = await db.Licenses.Where(license => license.Key == key).Select(license => (int?)license.Id).FirstOrDefaultAsync(cancellationToken) };
            if (scope.License is null) return null;
        }
        return scope;
    }

    private static ChangePage Merge(int size, ChangeCursor from, List<CatalogChange> verdicts, IReadOnlyList<(CatalogChange Change, long At, long Place)> words)
    {
        List<CatalogChange> shown = [];
        var (next, taken, said) = (from, 0, 0);
        while (shown.Count < size && (taken < verdicts.Count || said < words.Count))
        {
            if (said < words.Count && (taken == verdicts.Count || words[said].Change.DecidedAt >= verdicts[taken].DecidedAt))
            {
                next = next with { Word = words[said].At, Place = words[said].Place };
                shown.Add(words[said++].Change);
            }
            else
            {
                next = next with { Verdict = verdicts[taken].Id };
                shown.Add(verdicts[taken++]);
            }
        }
        return new(shown, taken < verdicts.Count || said < words.Count ? next : null);
    }

    /// <summary>How many there are within reach of the newest verdict.</summary>
    public async Task<int> CountAsync(ChangeFilter filter, CancellationToken cancellationToken)
    {
        var rev = (await pulse.ReadAsync(cancellationToken)).Rev;
        return await cache.GetOrCreateAsync((nameof(ChangeReader), rev, index.Current?.Version, filter with { Cursor = null, Size = 0 }), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
            return store.ReadAsync(async db =>
            {
                await GoAloneAsync(db, cancellationToken);
                var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
                var words = await PersonsWords.ReadAsync(db, filter, ChangeCursor.Start, DateTime.UnixEpoch, MostCounted, cancellationToken);
                if (await ScopeAsync(db, filter, cancellationToken) is not { } scope) return words.Count;
                var start = scope.Model is null ? newest - Reach : 0; // of one model there are few
                var changed = filter.Kind is ChangeKind.New ? 0 : await VerdictChanges.Changed(db, filter.Kind, scope, start, long.MaxValue).CountAsync(cancellationToken);
                var added = filter.Kind is ChangeKind.Any or ChangeKind.New ? await VerdictChanges.New(db, scope, start, long.MaxValue).CountAsync(cancellationToken) : 0;
                return words.Count + changed + added;
            }, cancellationToken);
        });
    }
}
