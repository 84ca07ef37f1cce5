using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Web.Method;

/// <summary>What the rules make of each kind of licence and each level of data, asked of the rules themselves.</summary>
internal static class RuleGrid
{
    public static readonly IReadOnlyList<string> Data = [Level.Open, Level.Partial, Level.Described, Level.None, Level.Unknown];

    public static IReadOnlyList<string> Licenses => LicenseClass.All;

    /// <summary>Of a model whose weights and whole code are public.</summary>
    public static Verdict Of(Lens lens, string licenseClass, string data) => Classifier.Classify(new(
    [
        Seen(Axis.Weights, Level.Public), Seen(Axis.CodeTraining, Level.Open), Seen(Axis.CodeInference, Level.Open),
        .. licenseClass == LicenseClass.Unknown ? [] : new[] { Seen(Axis.License, Examples[licenseClass]) with { Extractor = ReadBy.LicenseText } },
        .. data == Level.Unknown ? [] : new[] { Seen(Axis.Data, data) },
    ]), lens);

    /// <summary>A licence of each class, as the desk knows them; open ones first by what the frameworks accept too.</summary>
    public static readonly IReadOnlyDictionary<string, string> Examples = LicenseDesk.All
        .GroupBy(license => license.Class)
        .ToDictionary(group => group.Key, group => group.OrderByDescending(license => license.MofOpen is true).ThenByDescending(license => license.FactsSource is not null).ThenBy(license => license.Id, StringComparer.Ordinal).First().Id);

    private static EvidenceItem Seen(Axis axis, string state) => new(axis, state, "example", null, null, null, null, "example", Strength.Read);
}
