using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>The level of one axis and the items that decided it.</summary>
public sealed record AxisReading(string Level, IReadOnlyList<EvidenceItem> Decided)
{
    public static readonly AxisReading Unknown = new(Evidence.Level.Unknown, []);

    public bool Is(string level) => Level == level;

    /// <summary>The strongest observation wins; among equals the one listed first in <paramref name="order"/>.</summary>
    public static AxisReading Of(EvidenceSet found, Axis axis, ReadOnlySpan<string> order)
    {
        EvidenceItem? best = null;
        var bestRank = int.MaxValue;
        foreach (var item in found.Items)
        {
            if (item.Axis != axis) continue;
            var level = order.IndexOf(item.State);
            if (level < 0) continue;
            var rank = ((int)item.Strength * 16) + level;
            if (rank < bestRank) (best, bestRank) = (item, rank);
        }
        return best is null ? Unknown : new(best.State, [best]);
    }
}
