using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>Models described in a sentence, judged by the classifier itself.</summary>
internal static class Scenarios
{
    private static readonly (string State, string Pattern)[] Data =
    [
        (Level.Open, "{open training data|published training data|its dataset published|public data}"),
        (Level.Described, "{described training data|a description of the data|training data that are described|data sources named}"),
        (Level.None, "{secret training data|undisclosed data|no data information|no word on the training data|unnamed training data}"),
    ];

    private static readonly (string State, string Pattern)[] Code =
    [
        (Level.Open, "{training code|published code|its code published|open code|code on GitHub}"),
        (Level.None, "{no code|no published code|secret code|no code at all}"),
    ];

    private static readonly string[] Patterns =
    [
        "{a|my|our|the} model has {its weights published|public weights|downloadable weights|open weights}, {L}, {data} and {code}: {what is it|which class is it|is it open source|what class}",
        "{what is|which class has|what class does one give|how would you classify} a model {with|that has} {L}, {data} and {code}",
        "{is|would} a model {with|under} {L}, {data} and {code} {open source|be open source|count as open source}",
        "weights {are out|can be downloaded}, {the licence is|licensed under} {L}, there is {data} and {code}. {Open source|Which class|What is it}",
    ];

    private static readonly string[] Hidden =
    [
        "{a|my|our} model {keeps its weights secret|has no published weights|is only served by an API} but has {L}, {data} and {code}: {what is it|which class is it|is it open source}",
        "{what is|which class has} a model {without published weights|behind an API} but with {data} and {code}",
    ];

    public static Exchange Ask(SpokenLicense license, Random random)
    {
        var (data, code, hidden) = (Data[random.Next(Data.Length)], Code[random.Next(4) == 0 ? 1 : 0], random.Next(8) == 0);
        var values = new Dictionary<string, string?>
        {
            ["L"] = license.AnyName(random),
            ["data"] = Wording.Make(data.Pattern, random, new Dictionary<string, string?>()),
            ["code"] = Wording.Make(code.Pattern, random, new Dictionary<string, string?>()),
        };
        var patterns = hidden ? Hidden : Patterns;
        var verdict = Classifier.Classify(new EvidenceSet(
        [
            Item(Axis.Weights, hidden ? Level.None : Level.Public),
            Item(Axis.License, license.License.Id),
            Item(Axis.Data, data.State),
            Item(Axis.CodeTraining, code.State),
            Item(Axis.CodeInference, code.State),
        ]));
        var answer = verdict.Class switch
        {
            Openness.OpenSource => "It is open source: the weights can be had, the licence limits nobody, the data are known and the code is published.",
            Openness.Closed => "It is closed: the weights are not published.",
            _ => $"It is open weights, not open source. {string.Join(' ', verdict.Reasons.Where(reason => reason.Rule.StartsWith('R')).Select(reason => reason.Text.Replace(license.License.Name, license.Name, StringComparison.Ordinal)).Select(Exchange.Sentence))}",
        };
        if (verdict.Class == Openness.OpenSource && license.License.Class == Domain.Licenses.LicenseClass.UseRestricted)
            answer = "It is open source: the licence limits uses, not users, the data are known and the code is published.";
        return new(Wording.Make(patterns[random.Next(patterns.Length)], random, values), answer);
    }

    private static EvidenceItem Item(Axis axis, string state) => new(axis, state, "file:README.md", null, null, null, null, "built-in-model", Strength.Read);
}
