using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Tests.Classification;

/// <summary>Which of several claims governs, and what is told of the others.</summary>
public sealed class LicenseResolutionTests
{
    private static LicenseFinding Find(params EvidenceItem[] items) => Classifier.Classify(new(items)).License;

    private static EvidenceItem File(string state, string extractor = ReadBy.LicenseText, string? quote = null) => Seen.License(state, extractor, "LICENSE", quote, Strength.Read, "file:LICENSE");

    private static EvidenceItem FromBase(string state) => Seen.License(state, ReadBy.Lineage, "maker/base", state, Strength.Inferred, EvidenceItem.InheritedFrom("maker/base"));

    [Fact]
    public void A_single_tag_governs_without_more_ado()
    {
        var found = Find(Seen.License("apache-2.0"));
        Assert.Equal(("apache-2.0", "permissive", LicenseClass.Open, "tag"), (found.Effective, found.Family, found.Class, found.Source));
        Assert.Empty(found.Conflicts);
    }

    [Fact]
    public void No_licence_is_unknown_neither_open_nor_closed() => Assert.Equal((null, LicenseClass.Unknown), (Find().Effective, Find().Class));

    [Fact]
    public void CLS_02_of_a_tag_and_a_text_that_disagree_the_stricter_governs_and_the_conflict_is_told()
    {
        var found = Find(Seen.License("mit"), File("cc-by-nc-4.0"));
        Assert.Equal(("cc-by-nc-4.0", LicenseClass.NonCommercial, "file"), (found.Effective, found.Class, found.Source));
        Assert.Contains("The licence tag says MIT (open), the file LICENSE says Creative Commons Attribution Non Commercial 4.0 (non-commercial); the stricter one governs.", found.Conflicts);
        Assert.Equal("cc-by-nc-4.0", Find(Seen.License("cc-by-nc-4.0"), File("mit")).Effective);
    }

    [Fact]
    public void A_sentence_that_forbids_commercial_use_outweighs_an_open_tag()
    {
        var found = Find(Seen.License("apache-2.0"), Seen.License(LicenseClass.NonCommercial, ReadBy.UseLimit, quote: "not for commercial use"));
        Assert.Equal(LicenseClass.NonCommercial, found.Class);
        Assert.Single(found.Conflicts);
    }

    [Fact]
    public void The_text_says_what_the_placeholder_other_stands_for()
    {
        Assert.Equal(("llama3.2", 0), (Find(Seen.License("other"), File("llama3.2")).Effective, Find(Seen.License("other"), File("llama3.2")).Conflicts.Count));
        Assert.Equal("tongyi-qianwen", Find(Seen.License("other"), Seen.License("tongyi-qianwen-license-agreement", ReadBy.LicenseName)).Effective);
        Assert.Equal(LicenseClass.Unknown, Find(Seen.License("other")).Class);
    }

    [Fact]
    public void CLS_02_other_named_like_a_licence_that_has_a_tag_is_not_believed()
    {
        var found = Find(Seen.License("other"), Seen.License("mit", ReadBy.LicenseName));
        Assert.Equal(LicenseClass.Unknown, found.Class);
        Assert.Contains(found.Conflicts, conflict => conflict.Contains("which has a tag of its own", StringComparison.Ordinal));
    }

    [Fact]
    public void CLS_04_several_tags_all_apply_and_the_stricter_governs()
    {
        Assert.Equal(LicenseClass.NonCommercial, Find(Seen.License("apache-2.0"), Seen.License("cc-by-nc-4.0")).Class);
        Assert.Equal(["apache-2.0", "cc-by-nc-4.0"], Find(Seen.License("apache-2.0"), Seen.License("cc-by-nc-4.0")).Declared);
        Assert.Equal(LicenseClass.Unknown, Find(Seen.License("apache-2.0"), Seen.License("other")).Class);
    }

    [Theory]
    [InlineData("mit OR cc-by-nc-4.0", LicenseClass.Open)]
    [InlineData("mit AND cc-by-nc-4.0", LicenseClass.NonCommercial)]
    [InlineData("Apache-2.0", LicenseClass.Open)]
    [InlineData("MIT License", LicenseClass.Open)]
    [InlineData("mіt", LicenseClass.Unknown)] // the i is Cyrillic
    [InlineData("m​it", LicenseClass.Unknown)] // a zero-width space
    [InlineData("mit-0", LicenseClass.Unknown)]
    [InlineData("mit but not for work", LicenseClass.Unknown)]
    [InlineData("openrail-mit", LicenseClass.Unknown)]
    public void CLS_01_CLS_04_a_declared_name_is_what_it_says_exactly(string declared, string licenseClass) => Assert.Equal(licenseClass, Find(Seen.License(declared)).Class);

    [Fact]
    public void A_changed_open_text_is_an_unknown_licence_and_a_changed_strict_one_stays_strict()
    {
        Assert.Equal(LicenseClass.Unknown, Find(Seen.License("mit"), File("mit", ReadBy.AlteredText, "a clause was added")).Class);
        Assert.Equal(LicenseClass.LicenseeRestricted, Find(File("llama3", ReadBy.AlteredText, "the threshold was changed")).Class);
    }

    [Fact]
    public void A_child_is_bound_by_its_base_and_may_not_promise_more()
    {
        var found = Find(Seen.License("apache-2.0"), FromBase("llama3"));
        Assert.Equal(("llama3", "base"), (found.Effective, found.Source));
        Assert.Contains(found.Conflicts, conflict => conflict.StartsWith("The base maker/base is under Llama 3 Community License Agreement", StringComparison.Ordinal));
        Assert.Equal("llama3", Find(FromBase("llama3")).Effective);
        Assert.Empty(Find(Seen.License("cc-by-nc-4.0"), FromBase("apache-2.0")).Conflicts);
    }

    [Fact]
    public void The_licence_of_a_dataset_never_is_that_of_the_weights_but_is_told_where_it_forbids_what_the_model_allows()
    {
        EvidenceItem dataset = new(Axis.License, "cc-by-nc-4.0", "dataset:maker/corpus", "maker/corpus", null, null, null, ReadBy.DatasetLicense, Strength.Claimed);
        var found = Find(Seen.License("apache-2.0"), dataset);
        Assert.Equal("apache-2.0", found.Effective);
        Assert.Contains(found.Conflicts, conflict => conflict.StartsWith("The dataset maker/corpus is under", StringComparison.Ordinal));
        Assert.Null(Find(dataset).Effective);
    }
}
