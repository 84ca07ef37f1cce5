using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Domain.Tests.Classification;

namespace ModelAtlas.Domain.Tests.Lineage;

public sealed class ModelLineageTests
{
    private readonly Dictionary<string, EvidenceSet> _models = new(StringComparer.OrdinalIgnoreCase);

    private Verdict Judge(string id) => Classifier.Classify(new ModelLineage(Find).Inherit(id, _models[id]));

    private KnownModel? Find(string id) => _models.TryGetValue(id, out var found) ? new(id, found) : null;

    private void Add(string id, string seen, params EvidenceItem[] more) => _models[id] = new([.. Seen.Parse(seen).Items, .. more]);

    [Fact]
    public void Level_and_licence_come_down_a_chain_of_bases()
    {
        Add("a/root", "weights=public license=llama3 data=none run=open");
        Add("b/middle", "weights=public run=open", Seen.Base("a/root"));
        Add("c/leaf", "weights=public license=apache-2.0 run=open", Seen.Base("b/middle"), Seen.Data(Level.Described));

        var verdict = Judge("c/leaf");

        Assert.Equal((Openness.OpenWeights, "llama3", Level.None), (verdict.Class, verdict.License.Effective, verdict.Axes.Data));
        Assert.Contains(verdict.License.Conflicts, conflict => conflict.Contains("does not allow what Apache license 2.0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_derived_model_is_as_open_as_its_base_lets_it_be()
    {
        Add("a/root", "weights=public license=apache-2.0 data=open train=open run=open");
        Add("b/leaf", "weights=public license=apache-2.0 run=open", Seen.Base("a/root"));
        Assert.Equal((Openness.OpenSource, Basis.Inferred), (Judge("b/leaf").Class, Judge("b/leaf").Basis));
    }

    [Fact]
    public void A_base_that_nobody_knows_leaves_the_data_unknown_and_says_so()
    {
        Add("b/leaf", "weights=public license=apache-2.0 run=open", Seen.Base("gone/base"), Seen.Data(Level.Described));
        var verdict = Judge("b/leaf");
        Assert.Equal((Openness.OpenWeights, Basis.NotEstablished, Level.Unknown), (verdict.Class, verdict.Basis, verdict.Axes.Data));
        Assert.Contains(verdict.Reasons[0].Evidence, item => item is { Axis: Axis.Base, Quote: "gone/base" });
    }

    [Fact]
    public void ING_22_models_that_name_each_other_a_chain_of_300_and_5000_parents_end_soon_and_unknown()
    {
        Add("a/one", "weights=public license=mit run=open", Seen.Base("a/two"));
        Add("a/two", "weights=public license=mit run=open", Seen.Base("a/one"));
        Add("a/self", "weights=public license=mit run=open", Seen.Base("a/self"));
        for (var at = 0; at < 300; at++) Add($"chain/{at}", "weights=public license=mit run=open", Seen.Base($"chain/{at + 1}"));
        Add("chain/300", "weights=public license=mit data=open run=open");
        Add("many/child", "weights=public license=mit run=open", [.. Enumerable.Range(0, 5_000).Select(at => Seen.Base($"chain/{at % 300}"))]);

        Assert.All((string[])["a/one", "a/self", "chain/0", "many/child"], id => Assert.Equal(Basis.NotEstablished, Judge(id).Basis));
        Assert.Equal(Openness.OpenSource, Judge("chain/298").Class);
    }

    [Fact]
    public void Bases_under_licences_that_each_demand_to_stay_cannot_be_merged()
    {
        Add("a/llama", "weights=public license=llama3 data=none run=open");
        Add("a/older", "weights=public license=llama2 data=none run=open");
        Add("b/merge", "weights=public run=open", Seen.Base("a/llama", relation: BaseRelations.Merge), Seen.Base("a/older", relation: BaseRelations.Merge));
        Assert.Contains(Judge("b/merge").License.Conflicts, conflict => conflict.StartsWith("The bases are under licences that each demand to stay", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_the_licence_of_a_base_asks_for_and_the_model_does_not_bear_is_told()
    {
        Add("a/root", "weights=public license=llama3.1 data=none run=open");
        Add("b/other-name", "weights=public license=llama3.1 run=open", Seen.Base("a/root"));
        Add("b/Llama-other", "weights=public license=llama3.1 run=open", Seen.Base("a/root"));
        Assert.Contains(Judge("b/other-name").License.Conflicts, conflict => conflict.Contains("asks of derived models", StringComparison.Ordinal));
        Assert.DoesNotContain(Judge("b/Llama-other").License.Conflicts, conflict => conflict.Contains("asks of derived models", StringComparison.Ordinal));
    }
}
