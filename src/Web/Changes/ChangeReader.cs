using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Changes;

/// <summary>
/// What changed and what is new, out of the append-only verdicts and of what persons set in their place, newest first. Most verdicts are their model's first, of models long known elsewhere, or say the same as before, so the table is walked
/// backwards in stretches by its key, and a page that found little within its reach says where to go on.
/// </summary>
internal sealed class ChangeReader(CatalogStore store, CatalogPulse pulse, CatalogIndex index, IMemoryCache cache)
{
    private const long Stretch = 20_000;
    private const int MostStretches = 5;
    private const int MostCounted = 10_000;

    /// <summary>So many verdicts are looked at for one page, and for the total.</summary>
    public const long Reach = Stretch * MostStretches;

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
        var now = await store.ReadAsync(db => (
            from model in db.Models
            where model.RepoId == name || db.Aliases.Any(alias => alias.Alias == name && alias.ModelId == model.Id)
            orderby model.RepoId == name descending
            select model.RepoId).FirstOrDefaultAsync(cancellationToken), cancellationToken);
        return now is null ? (filter, UnknownModel.ProblemOf(name)) : (filter with { Model = now }, null);
    }

    public Task<ChangePage> ReadAsync(ChangeFilter filter, CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
        var from = filter.Cursor ?? ChangeCursor.Start;
        var end = Math.Min(from.Verdict, newest + 1);
        List<CatalogChange> found = [];
        for (var stretch = 0; stretch < MostStretches && end > 1 && found.Count <= filter.Size; stretch++)
        {
            var start = filter.Model is null ? Math.Max(1, end - Stretch) : 1; // those of one model are found by its index
            found.AddRange(await VerdictChanges.Of(db, filter, start, end).Take(filter.Size + 1 - found.Count).ToListAsync(cancellationToken));
            end = start;
        }
        var isWhole = end <= 1 && found.Count <= filter.Size;
        var since = isWhole ? DateTime.UnixEpoch : found.Count > filter.Size ? found[^1].DecidedAt : await db.Verdicts.Where(verdict => verdict.Id >= end).OrderBy(verdict => verdict.Id).Select(verdict => verdict.DecidedAt).FirstAsync(cancellationToken);
        var words = await PersonsWords.ReadAsync(db, filter, from, since, filter.Size + 1, cancellationToken);
        return await VerdictChanges.ExplainAsync(db, Merge(filter.Size, from, found, words, isWhole ? null : end), cancellationToken);
    }, cancellationToken);

    /// <param name="end">Where verdicts go on that have not been looked at; null where there are none.</param>
    private static ChangePage Merge(int size, ChangeCursor from, List<CatalogChange> verdicts, IReadOnlyList<(CatalogChange Change, long At, long Place)> words, long? end)
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
        if (taken == verdicts.Count && end is { } rest) next = next with { Verdict = rest };
        return new(shown, taken < verdicts.Count || said < words.Count || end is not null ? next : null);
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
                var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
                var words = await PersonsWords.ReadAsync(db, filter, ChangeCursor.Start, DateTime.UnixEpoch, MostCounted, cancellationToken);
                return words.Count + await VerdictChanges.Of(db, filter, filter.Model is null ? newest - Reach : 1, newest + 1).CountAsync(cancellationToken);
            }, cancellationToken);
        });
    }
}
