using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Tests.Classification;

/// <summary>Rule R and the other lenses over the same evidence.</summary>
public sealed class RuleTests
{
    private const string Complete = "weights=public license=apache-2.0 data=open train=open run=open";

    [Theory]
    [InlineData("weights=none", Openness.Closed, "R1")]
    [InlineData("", null, "R1")]
    [InlineData("license=mit data=open train=open", null, "R1")]
    [InlineData("weights=public license=cc-by-nc-4.0 data=open train=open", Openness.OpenWeights, "R2")]
    [InlineData("weights=public license=llama3 data=open train=open", Openness.OpenWeights, "R2")]
    [InlineData("weights=public license=apache-2.0 data=none run=open", Openness.OpenWeights, "R3")]
    [InlineData("weights=public license=apache-2.0 data=described train=none run=none", Openness.OpenWeights, "R4")]
    [InlineData("weights=public license=apache-2.0 data=described run=open", Openness.OpenSource, "R5-license")]
    [InlineData("weights=gated license=bigscience-bloom-rail-1.0 data=partial run=partial", Openness.OpenSource, "R5-license")]
    [InlineData("weights=public license=apache-2.0 data=described train=none run=open", Openness.OpenSource, "R5-license")]
    [InlineData("weights=public license=apache-2.0 data=described", Openness.OpenWeights, "R6")]
    [InlineData("weights=public license=apache-2.0 run=open", Openness.OpenWeights, "R6")]
    [InlineData("weights=public data=described run=open", Openness.OpenWeights, "R6")]
    [InlineData("weights=public license=other data=described run=open", Openness.OpenWeights, "R6")]
    public void Each_rule_decides_what_it_says(string seen, Openness? openness, string rule)
    {
        var verdict = Classifier.Classify(Seen.Parse(seen));
        Assert.Equal((openness, rule), (verdict.Class, verdict.Reasons[0].Rule));
        Assert.Equal(rule is "R6" || openness is null, verdict.Basis == Basis.NotEstablished);
        Assert.Equal(openness is not Openness.OpenSource, verdict.Missing.Count > 0);
    }

    [Fact]
    public void The_missing_axis_is_named_and_unknown_is_never_no()
    {
        var verdict = Classifier.Classify(Seen.Parse("weights=public license=mit"));
        Assert.Equal(["the training data", "code to train or run the model"], verdict.Missing);
        Assert.Contains("Not established: the training data, code to train or run the model", verdict.Reasons[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Lens.Default, Complete, Openness.OpenSource)]
    [InlineData(Lens.Strict, Complete, Openness.OpenSource)]
    [InlineData(Lens.Lenient, Complete, Openness.OpenSource)]
    [InlineData(Lens.Osaid, Complete, Openness.OpenWeights)] // whether the information suffices takes a person
    [InlineData(Lens.Mof, Complete, Openness.OpenWeights)] // a card, a report and results under open licences are not in evidence
    [InlineData(Lens.Strict, "weights=public license=apache-2.0 data=described train=open run=open", Openness.OpenWeights)]
    [InlineData(Lens.Strict, "weights=public license=bigscience-bloom-rail-1.0 data=open train=open run=open", Openness.OpenWeights)]
    [InlineData(Lens.Lenient, "weights=public license=gemma data=none", Openness.OpenSource)]
    [InlineData(Lens.Lenient, "weights=public license=llama3 data=open train=open", Openness.OpenWeights)]
    [InlineData(Lens.Strict, "weights=none", Openness.Closed)]
    [InlineData(Lens.Lenient, "weights=none", Openness.Closed)]
    [InlineData(Lens.Mof, "", null)]
    public void A_lens_asks_its_own_gates(Lens lens, string seen, Openness? openness)
    {
        var verdict = Classifier.Classify(Seen.Parse(seen), lens);
        Assert.Equal((openness, Lenses.Word(lens)), (verdict.Class, verdict.Lens));
        Assert.NotEmpty(verdict.Reasons);
    }

    [Theory]
    [InlineData("weights=none", null)]
    [InlineData("weights=public license=llama3 run=open", Rung.WeightsAvailable)]
    [InlineData("weights=public license=bigscience-bloom-rail-1.0 data=open train=open run=open", Rung.WeightsAvailable)]
    [InlineData("weights=public license=apache-2.0", Rung.WeightsAvailable)]
    [InlineData("weights=public license=apache-2.0 run=open", Rung.OpenWeights)]
    [InlineData("weights=public license=apache-2.0 run=open train=partial data=open", Rung.OpenWeights)]
    [InlineData("weights=public license=apache-2.0 run=open train=open data=described", Rung.OpenSource)]
    [InlineData(Complete, Rung.OpenSourceOpenData)]
    public void The_rung_follows_the_G7_vocabulary(string seen, Rung? rung) => Assert.Equal(rung, Classifier.Classify(Seen.Parse(seen)).Rung);

    [Theory]
    [InlineData("weights=public license=mit data=described run=open", Basis.Claimed)]
    [InlineData("listed=public license=llama3", Basis.Claimed)]
    [InlineData("listed=public license=mit", Basis.NotEstablished)]
    [InlineData("weights=none license=mit", Basis.Evidenced)]
    public void A_verdict_is_as_good_as_the_weakest_thing_it_rests_on(string seen, Basis basis) => Assert.Equal(basis, Classifier.Classify(Seen.Parse(seen)).Basis);

    [Fact]
    public void A_file_list_without_weights_outweighs_a_row_that_lets_one_expect_them()
    {
        var found = new EvidenceSet([.. Seen.Parse("listed=public").Items, new(Axis.Weights, Level.Unknown, "list", "siblings", "none of 3 files holds weights", null, null, "file-list", Strength.Read)]);
        var verdict = Classifier.Classify(found);
        Assert.Null(verdict.Class);
        Assert.Contains("none of 3 files holds weights", verdict.Reasons[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_evidence_in_another_order_gives_the_same_class()
    {
        var items = Seen.Parse("weights=public license=apache-2.0 license=cc-by-nc-4.0 data=described data=none train=open run=open").Items;
        var order = new Random(5);
        var first = Classifier.Classify(new(items));
        for (var turn = 0; turn < 50; turn++)
        {
            EvidenceItem[] shuffled = [.. items];
            order.Shuffle(shuffled);
            var verdict = Classifier.Classify(new(shuffled));
            Assert.Equal((first.Class, first.Basis, first.License.Effective, first.Axes), (verdict.Class, verdict.Basis, verdict.License.Effective, verdict.Axes));
        }
    }
}
