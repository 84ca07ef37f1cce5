using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Tests.Classification;

public sealed class DataAxisTests
{
    private static string LevelOf(params EvidenceItem[] items) => Classifier.Classify(new([.. Seen.Parse("weights=public license=mit run=open").Items, .. items])).Axes.Data;

    private static EvidenceItem Inherited(string level, string from = "maker/base") =>
        new(Axis.Data, level, EvidenceItem.InheritedFrom(from), from, null, null, null, ReadBy.Lineage, Strength.Inferred);

    [Fact]
    public void The_most_that_the_model_itself_names_counts() => Assert.Equal(Level.Partial, LevelOf(Seen.Data(Level.Described), Seen.Data(Level.Partial), Seen.Data(Level.None, "silent-card")));

    [Fact]
    public void A_named_source_beside_admitted_secret_data_tells_nothing() => Assert.Equal(Level.None, LevelOf(Seen.Data(Level.Described), Seen.Data(Level.None, ReadBy.Undisclosed)));

    [Fact]
    public void Fine_tuning_data_do_not_stand_in_for_what_the_base_was_trained_on()
    {
        Assert.Equal(Level.Unknown, LevelOf(Seen.Base("maker/base"), Seen.Data(Level.Described)));
        Assert.Equal(Level.None, LevelOf(Seen.Base("maker/base"), Seen.Data(Level.Described), Inherited(Level.None)));
        Assert.Equal(Level.Open, LevelOf(Seen.Base("maker/base"), Inherited(Level.Open)));
    }

    [Fact]
    public void Of_several_bases_the_least_known_counts()
    {
        Assert.Equal(Level.Unknown, LevelOf(Seen.Base("a/one"), Seen.Base("b/two"), Inherited(Level.Described, "a/one"), Inherited(Level.Unknown, "b/two")));
        Assert.Equal(Level.None, LevelOf(Seen.Base("a/one"), Seen.Base("b/two"), Inherited(Level.Open, "a/one"), Inherited(Level.None, "b/two")));
    }

    [Fact]
    public void Where_the_base_is_not_named_only_what_is_said_of_training_as_such_counts()
    {
        Assert.Equal(Level.Unknown, LevelOf(Seen.Base(null), Seen.Data(Level.Described)));
        Assert.Equal(Level.Described, LevelOf(Seen.Base(null), Seen.Data(Level.Described, ReadBy.Pretraining)));
        Assert.Equal(Level.Described, LevelOf(Seen.Base("StarWriter", Strength.Inferred), Seen.Data(Level.Described, ReadBy.Pretraining))); // perhaps no model's name
        Assert.Equal(Level.None, LevelOf(Seen.Base("StarWriter", Strength.Inferred), Seen.Data(Level.Described, ReadBy.Pretraining), Inherited(Level.None, "maker/starwriter"))); // it was one
    }

    [Fact]
    public void A_cited_fact_comes_first() =>
        Assert.Equal(Level.Open, LevelOf(Seen.Base("maker/base"), Inherited(Level.None), new(Axis.Data, Level.Open, "https://example.org/data-card", null, "all of it", null, null, "by-hand", Strength.Read)));
}
