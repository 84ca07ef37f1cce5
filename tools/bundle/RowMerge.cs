using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Bundle;

/// <summary>One row out of what several sources said, put together as the import does it, with the sources that still show in it.</summary>
internal static class RowMerge
{
    /// <summary>What never changes, and states that are written only while they hold.</summary>
    private static readonly string[] Undated = ["_id", "createdAt", "disabled", "removed", "author", "private", "trendingScore"];

    public static HubModel? Merge(IReadOnlyList<SourceRow> rows)
    {
        if (rows.Count == 0) return null;
        var merged = Fold(rows);
        var whole = BundleFile.Line(merged.Model);
        // A source whose every word was said again later changes nothing when it is left out. Cards stay: their text is evidence.
        var sources = rows.Where(row => rows.Count == 1 || row == Card(rows) || BundleFile.Line(Fold([.. rows.Where(other => other != row)]).Model) != whole);
        return merged.Model with
        {
            Author = null,
            Private = null,
            Disabled = merged.Model.Disabled is true ? true : null,
            TrendingScore = null,
            Other = null,
            Nulls = null,
            Issues = null,
            SeenAt = merged.Model.SeenAt?.Where(field => !Undated.Contains(field.Key) && !field.Key.StartsWith("other:", StringComparison.Ordinal)).ToDictionary(),
            Atlas = new(merged.At, [.. sources.OrderByDescending(row => row.Said.At).Select(row => row.Source).Distinct()]),
        };
    }

    /// <summary>The newest card.</summary>
    public static SourceRow? Card(IEnumerable<SourceRow> rows) => rows.Where(row => row.Card is not null).MaxBy(row => row.Said.At);

    private static Observation Fold(IReadOnlyList<SourceRow> rows) => rows.Select(row => row.Said).Aggregate(ObservationMerger.Merge);
}
