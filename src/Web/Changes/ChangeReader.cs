using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Changes;

/// <summary>What changed and what is new, out of the append-only verdicts and of what persons set in their place, newest first.</summary>
internal sealed class ChangeReader(CatalogStore store, CatalogPulse pulse, CatalogIndex index, IMemoryCache cache)
{
    private const int MostCounted = 10_000;

    /// <summary>So many verdicts are looked at for the total.</summary>
    public const long Reach = 100_000;

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
        if (await AuthorAsync(db, filter, cancellationToken) is not { IsKnown: true } author) return [];
        var changed = filter.Kind is ChangeKind.New ? [] : await VerdictChanges.Tell(db, VerdictChanges.Changed(db, filter.Kind, author.Id, 0, end), filter.Size + 1).ToListAsync(cancellationToken);
        if (filter.Kind is not (ChangeKind.Any or ChangeKind.New)) return changed;
        var added = await VerdictChanges.Tell(db, VerdictChanges.New(db, author.Id, 0, end), filter.Size + 1).ToListAsync(cancellationToken);
        return [.. changed.Concat(added).OrderByDescending(change => change.Id).Take(filter.Size + 1)];
    }

    /// <summary>Several workers would each read ahead, where one can stop as soon as the page is full.</summary>
    private static Task<int> GoAloneAsync(AtlasDbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync("SET LOCAL max_parallel_workers_per_gather = 0", cancellationToken);

    /// <summary>The number of the publisher that is asked for; with it the database knows how many models that is.</summary>
    private static async Task<(bool IsKnown, int? Id)> AuthorAsync(AtlasDbContext db, ChangeFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Org is not { } org) return (true, null);
        var id = await db.Terms.Where(term => term.Kind == TermKind.Author && term.Name == org).Select(term => (int?)term.Id).FirstOrDefaultAsync(cancellationToken);
        return (id is not null, id);
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
        return await cache.GetOrCreateAsync((nameof(ChangeReader), rev, index.Current?.Version, filter.Kind, filter.Org), entry =>
        {
            entry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1);
            return store.ReadAsync(async db =>
            {
                await GoAloneAsync(db, cancellationToken);
                var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
                var words = await PersonsWords.ReadAsync(db, filter, ChangeCursor.Start, DateTime.UnixEpoch, MostCounted, cancellationToken);
                if (await AuthorAsync(db, filter, cancellationToken) is not { IsKnown: true } author) return words.Count;
                var changed = filter.Kind is ChangeKind.New ? 0 : await VerdictChanges.Changed(db, filter.Kind, author.Id, newest - Reach, long.MaxValue).CountAsync(cancellationToken);
                var added = filter.Kind is ChangeKind.Any or ChangeKind.New ? await VerdictChanges.New(db, author.Id, newest - Reach, long.MaxValue).CountAsync(cancellationToken) : 0;
                return words.Count + changed + added;
            }, cancellationToken);
        });
    }
}
