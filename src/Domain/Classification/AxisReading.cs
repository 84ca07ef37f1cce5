using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>The level of one axis and the items that decided it.</summary>
internal sealed record AxisReading(string Level, IReadOnlyList<EvidenceItem> Decided)
{
    private static readonly string[] WeightLevels =
        [Evidence.Level.None, Evidence.Level.Withdrawn, Evidence.Level.Gated, Evidence.Level.Public, Evidence.Level.Unknown];

    private static readonly string[] CodeLevels = [Evidence.Level.Open, Evidence.Level.Partial, Evidence.Level.None];

    public static readonly AxisReading Unknown = new(Evidence.Level.Unknown, []);

    public bool IsUnknown => Level == Evidence.Level.Unknown;

    public bool Is(string level) => Level == level;

    public bool IsAny(string one, string other) => Level == one || Level == other;

    /// <summary>The strongest observation. A file list that shows no weights outweighs a list row that only lets one expect them.</summary>
    public static AxisReading Weights(EvidenceSet found) => Best(found, Axis.Weights, WeightLevels, strengthFirst: true);

    /// <summary>The most that was found: code that one place does not mention may well be in another.</summary>
    public static AxisReading Code(EvidenceSet found, Axis axis) => Best(found, axis, CodeLevels, strengthFirst: false);

    public static AxisReading Better(AxisReading one, AxisReading other) => CodeRank(one) <= CodeRank(other) ? one : other;

    private static int CodeRank(AxisReading code) => code.Level switch
    {
        Evidence.Level.Open => 0,
        Evidence.Level.Partial => 1,
        Evidence.Level.Unknown => 2,
        _ => 3,
    };

    private static AxisReading Best(EvidenceSet found, Axis axis, string[] levels, bool strengthFirst)
    {
        EvidenceItem? best = null;
        var bestRank = int.MaxValue;
        foreach (var item in found.Items)
        {
            if (item.Axis != axis || Array.IndexOf(levels, item.State) is not (>= 0 and var level)) continue;
            var rank = (item.IsCited() ? 0 : 1_000) + (strengthFirst ? ((int)item.Strength * 10) + level : (level * 10) + (int)item.Strength);
            if (rank < bestRank) (best, bestRank) = (item, rank);
        }
        return best is null ? Unknown : new(best.State, [best]);
    }
}
