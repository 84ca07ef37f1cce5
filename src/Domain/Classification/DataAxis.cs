using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>What is known of the training data: a cited fact, else of a derived model what its bases were trained on, else what the model's own sources name.</summary>
internal static class DataAxis
{
    private static readonly string[] BestFirst = [Level.Open, Level.Partial, Level.Described];

    public static AxisReading Read(EvidenceSet found)
    {
        List<EvidenceItem> cited = [], own = [], inherited = [];
        bool named = false, unnamed = false, sameData = false;
        foreach (var item in found.Items)
        {
            if (item.Axis == Axis.Base)
            {
                named |= item is { Quote: not null, Strength: not Strength.Inferred };
                unnamed |= item is { Quote: null } or { Strength: Strength.Inferred };
                sameData |= item.State == BaseRelations.SameData;
            }
            named |= item.Axis == Axis.Data && item.IsInherited();
            if (item.Axis == Axis.Data) (item.IsInherited() ? inherited : item.IsCited() ? cited : own).Add(item);
        }
        if (cited.Count > 0) return Own(cited);
        if (sameData && own.Exists(item => item.Extractor == ReadBy.Undisclosed)) return Own(own);
        if (named) return Inherited(inherited); // fine-tuning data do not stand in for what the base was trained on
        return Own(unnamed ? own.FindAll(item => item.Extractor is ReadBy.Pretraining or ReadBy.Undisclosed) : own);
    }

    private static AxisReading Own(List<EvidenceItem> items)
    {
        if (items.Find(item => item.Extractor == ReadBy.Undisclosed) is { } undisclosed) return new(Level.None, [undisclosed]);
        foreach (var level in BestFirst)
        {
            var named = items.FindAll(item => item.State == level);
            if (named.Count > 0) return new(level, named);
        }
        var silent = items.FindAll(item => item.State == Level.None);
        return silent.Count > 0 ? new(Level.None, silent) : AxisReading.Unknown;
    }

    /// <summary>Of several bases the one that tells least: a merge is no better known than its least known part.</summary>
    private static AxisReading Inherited(List<EvidenceItem> items)
    {
        string[] leastFirst = [Level.None, Level.Unknown, Level.Described, Level.Partial, Level.Open];
        foreach (var level in leastFirst)
        {
            var least = items.FindAll(item => item.State == level);
            if (least.Count > 0) return new(level, least);
        }
        return AxisReading.Unknown;
    }
}
