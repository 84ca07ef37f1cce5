using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Stats;

/// <summary>The catalogue on the days that were counted, newest first: nothing can be told over time before there are two of them.</summary>
internal sealed class DayReader(CatalogStore store)
{
    private const int MostDays = 4_000;
    private const int MostRows = 24;

    public Task<StatHistory> ReadAsync(CancellationToken cancellationToken) => store.ReadAsync(async db =>
    {
        var counts = await db.Days.OrderByDescending(count => count.Day).ThenBy(count => count.Class).Take(MostDays * CatalogWords.Classes.Count).ToListAsync(cancellationToken);
        var days = counts.GroupBy(count => count.Day).Select(day => (Day: day.Key, Counts: day.ToList())).ToList();
        return new StatHistory([.. days.Select(day => day.Day)], days.Count < 2 ? [] : Charts([.. Thin(days)]));
    }, cancellationToken);

    /// <summary>The first and the last, and as many between, evenly, as fit on a page.</summary>
    private static IEnumerable<T> Thin<T>(List<T> days) =>
        days.Count <= MostRows ? days : Enumerable.Range(0, MostRows).Select(row => days[(int)((long)row * (days.Count - 1) / (MostRows - 1))]);

    private static IReadOnlyList<StatChart> Charts(IReadOnlyList<(DateOnly Day, List<CatalogDay> Counts)> days) =>
    [
        new("class-days", "Classes over time", "The share of each class among all models, on the days that were counted.", StatReader.ByClass,
            [.. days.Select(day => Row(day.Day, [.. CatalogWords.Classes.Select(kind => day.Counts.Find(count => (int)count.Class == (kind.Value ?? 0))?.Models ?? 0)]))], IsShare: true),
        new("established-days", "What is established, over time", "Of how many models everything that decides was known.", [new("established", ""), new("not established", "is-unknown")],
            [.. days.Select(day => Split(day.Day, day.Counts, count => count.Established))], IsShare: true),
        new("conflict-days", "Licence conflicts over time", "Of how many models the tag, card, files and bases said different things.", [new("disagree", "is-closed"), new("no conflict seen", "is-unknown")],
            [.. days.Select(day => Split(day.Day, day.Counts, count => count.Conflicts))], IsShare: true),
    ];

    private static StatRow Split(DateOnly day, List<CatalogDay> counts, Func<CatalogDay, int> part) => Row(day, [counts.Sum(part), counts.Sum(count => count.Models) - counts.Sum(part)]);

    private static StatRow Row(DateOnly day, IReadOnlyList<int> parts) => new(day.ToString("d MMM yyyy", CultureInfo.InvariantCulture), null, parts);
}

/// <param name="Days">Those that were counted, newest first.</param>
/// <param name="Charts">None before there are two.</param>
internal sealed record StatHistory(IReadOnlyList<DateOnly> Days, IReadOnlyList<StatChart> Charts);
