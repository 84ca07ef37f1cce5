using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>Every axis read once, for whichever lens asks.</summary>
internal sealed record Findings(EvidenceSet Evidence, AxisReading Weights, LicenseDecision License, AxisReading Training, AxisReading Inference, AxisReading Data)
{
    public AxisReading Code { get; } = AxisReading.Better(Training, Inference);

    public AxisLevels Levels => new(Weights.Level, License.Class, Code.Level, Data.Level);

    public bool HasDataInformation => Data.Is(Level.Open) || Data.IsAny(Level.Partial, Level.Described);

    public bool HasCode => Code.IsAny(Level.Open, Level.Partial);

    public static Findings Of(EvidenceSet found) => new(
        found,
        AxisReading.Weights(found),
        LicenseResolver.Resolve(found),
        AxisReading.Code(found, Axis.CodeTraining),
        AxisReading.Code(found, Axis.CodeInference),
        DataAxis.Read(found));

    /// <summary>A verdict is as good as the weakest thing it rests on.</summary>
    public static Basis BasisOf(IEnumerable<EvidenceItem> decided)
    {
        var weakest = decided.Select(item => (Strength?)item.Strength).Max();
        return weakest switch
        {
            Strength.Read => Basis.Evidenced,
            Strength.Claimed => Basis.Claimed,
            Strength.Inferred => Basis.Inferred,
            _ => Basis.NotEstablished,
        };
    }

    /// <summary>The G7 vocabulary: weights that can be had; under an open licence and with code to run them; with training code and data information; with open data.</summary>
    public Rung? Rung(Openness? openness)
    {
        if (openness is null or Openness.Closed) return null;
        if (License.Class != LicenseClass.Open || !Inference.IsAny(Level.Open, Level.Partial)) return Catalog.Rung.WeightsAvailable;
        if (!Training.Is(Level.Open) || !HasDataInformation) return Catalog.Rung.OpenWeights;
        return Data.Is(Level.Open) ? Catalog.Rung.OpenSourceOpenData : Catalog.Rung.OpenSource;
    }
}
