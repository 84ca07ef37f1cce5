using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Stats;

/// <summary>A bar of a chart and a row of its table: what it counts, in parts, and the list it leads to; there is none of a day that is past.</summary>
public sealed record StatRow(string Label, string? Href, IReadOnlyList<int> Parts)
{
    public int Total => Parts.Sum();
}

/// <summary>A chart and its table.</summary>
/// <param name="Parts">Names of the parts of each bar.</param>
/// <param name="IsShare">Each bar is a whole of its own; otherwise they are told against the longest.</param>
public sealed record StatChart(string Id, string Title, string Says, IReadOnlyList<StatPart> Parts, IReadOnlyList<StatRow> Rows, bool IsShare);

public sealed record StatPart(string Label, string Tone);

/// <summary>The catalogue in charts, all counted by the index.</summary>
internal sealed class StatReader(CatalogIndex index)
{
    private const int MostRows = 12;
    private const int FirstYear = 2018;
    internal static readonly StatPart[] ByClass = [.. CatalogWords.Classes.Select(kind => new StatPart(kind.Label, $"is-{(kind.Value is null ? "unknown" : kind.Id)}"))];

    public async Task<(int Total, DateTime? AsOf, IReadOnlyList<StatChart> Charts)> ReadAsync(CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        return (snapshot.Live.Count, snapshot.AsOf,
        [
            new("class", "Classes, and how sure", "How many models there are of each class, and of how many everything that decides is known.", [new("established", ""), new("not established", "is-unknown")],
                [.. CatalogWords.Classes.Select(kind => Split(snapshot, kind.Label, CatalogFilter.All.With("class", kind.Id), "conf", "established", "not-established"))], IsShare: false),
            new("years", "Classes by the year a model appeared", "Of the models that appeared in a year, the share of each class. Models without a date are left out.", ByClass,
                [.. Years(snapshot).Select(year => OfClass(snapshot, year, CatalogFilter.All.With("created", year)))], IsShare: true),
            new("licenses", "Licences", "The licences that govern most models.", ByClass, [.. Top(snapshot, "license").Select(option => OfClass(snapshot, option.Label, CatalogFilter.All.With("license", option.Value)))], IsShare: false),
            new("rungs", "Rungs of the G7 vocabulary", "Where models stand in the vocabulary of May 2026, which asks more than the class does.", [new("models", "")],
                [.. CatalogWords.Rungs.Select(rung => Single(snapshot, rung.Label, CatalogFilter.All.With("rung", rung.Id)))], IsShare: false),
            new("conflicts", "Sources that disagree about the licence", "Of each class, the models whose tag, card, files and bases say different things.", [new("disagree", "is-closed"), new("no conflict seen", "is-unknown")],
                [.. CatalogWords.Classes.Select(kind => Split(snapshot, kind.Label, CatalogFilter.All.With("class", kind.Id), "conflict", "yes", "no"))], IsShare: true),
            new("access", "Access", "Whether the files are handed out at once.", ByClass,
                [.. CatalogWords.Gates.Where(gate => gate.Id != "yes").Select(gate => OfClass(snapshot, gate.Label, CatalogFilter.All.With("gated", gate.Id)))], IsShare: false),
            new("tasks", "Tasks", "What models are for, most frequent first.", ByClass, [.. Top(snapshot, "task").Select(option => OfClass(snapshot, option.Label, CatalogFilter.All.With("task", option.Value)))], IsShare: false),
        ]);
    }

    private static IEnumerable<string> Years(CatalogSnapshot snapshot) =>
        Enumerable.Range(FirstYear, Math.Max(0, (snapshot.AsOf?.Year ?? FirstYear) - FirstYear + 1)).Reverse().Select(year => year.ToString(CultureInfo.InvariantCulture));

    private static IReadOnlyList<FacetOption> Top(CatalogSnapshot snapshot, string name)
    {
        using var search = new CatalogSearch(snapshot, CatalogFilter.All);
        return FilterKeys.Find(name) is FacetKey key ? CatalogCounter.Count(snapshot, search, CatalogFilter.All, [key], MostRows).Facets[0].Options : [];
    }

    private static StatRow OfClass(CatalogSnapshot snapshot, string label, CatalogFilter filter) =>
        Row(label, filter, [.. CatalogWords.Classes.Select(kind => Count(snapshot, filter.With("class", kind.Id)))]);

    private static StatRow Split(CatalogSnapshot snapshot, string label, CatalogFilter filter, string key, params string[] values) =>
        Row(label, filter, [.. values.Select(value => Count(snapshot, filter.With(key, value)))]);

    private static StatRow Single(CatalogSnapshot snapshot, string label, CatalogFilter filter) => Row(label, filter, [Count(snapshot, filter)]);

    private static StatRow Row(string label, CatalogFilter filter, IReadOnlyList<int> parts) => new(label, CatalogUrl.Write(CatalogView.Start.Where(filter)), parts);

    private static int Count(CatalogSnapshot snapshot, CatalogFilter filter)
    {
        using var search = new CatalogSearch(snapshot, filter);
        return search.Total;
    }
}
