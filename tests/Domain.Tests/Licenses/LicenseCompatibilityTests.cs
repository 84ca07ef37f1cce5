using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Tests.Licenses;

public class LicenseCompatibilityTests
{
    [Theory]
    [InlineData("mit", "cc-by-nc-4.0", "non-commercial")]
    [InlineData("apache-2.0", "gpl-3.0", "same-license")]
    [InlineData("mit", "cc-by-sa-4.0", "same-license")]
    [InlineData("apache-2.0", "creativeml-openrail-m", "restrictions-flow-down")]
    [InlineData("apache-2.0", "gemma", "restrictions-flow-down")]
    [InlineData("apache-2.0", "llama3.1", "user-threshold")]
    [InlineData("mit", "llama2", "output-training")]
    [InlineData("apache-2.0", "hunyuan", "territory")]
    [InlineData("mit", "mistral-modified-mit", "revenue-threshold")]
    [InlineData("cc-by-4.0", "cc-by-nd-4.0", "modifications")]
    [InlineData("mit", "ms-research", "distribution")]
    public void A_child_freer_than_its_base_is_a_conflict_that_names_the_term(string child, string @base, string tag) =>
        Assert.Contains(Check(child, @base), finding => finding is { Kind: CompatibilityKind.Conflict, Clause: not null } && finding.Tag?.Id == tag);

    [Theory]
    [InlineData("apache-2.0", "mit")]
    [InlineData("llama3.1", "llama3.1")]
    [InlineData("cc-by-nc-4.0", "apache-2.0")]
    [InlineData("gpl-3.0", "mit")]
    [InlineData("gpl-3.0", "lgpl-3.0")]
    [InlineData("agpl-3.0", "gpl-3.0")]
    [InlineData("cc-by-sa-4.0", "cc-by-sa-3.0")]
    [InlineData("cc-by-nc-sa-4.0", "cc-by-nc-4.0")]
    public void A_child_that_keeps_what_the_base_asks_has_duties_at_most(string child, string @base) =>
        Assert.DoesNotContain(Check(child, @base), finding => finding.Kind is not CompatibilityKind.Duty);

    [Fact]
    public void Duties_are_named_with_their_clause()
    {
        var findings = Check("llama3.1", "llama3.1");

        Assert.Contains(findings, finding => finding.Tag == FactTag.Naming && finding is { Kind: CompatibilityKind.Duty, Clause: "1.b.i" });
        Assert.Contains(Check("apache-2.0", "mit"), finding => finding.Tag == FactTag.IncludeCopyright);
    }

    [Theory]
    [InlineData("mit", "other")]
    [InlineData("unknown", "mit")]
    [InlineData("mit", "solar")]
    public void What_is_not_known_is_said_to_be_unknown(string child, string @base) =>
        Assert.Equal(CompatibilityKind.Unknown, Assert.Single(Check(child, @base)).Kind);

    [Theory]
    [InlineData("gpl-3.0", "cc-by-sa-4.0", false)]
    [InlineData("gpl-2.0", "cc-by-sa-3.0", true)]
    [InlineData("gpl-3.0", "llama3.1", true)]
    [InlineData("gpl-3.0", "cc-by-nc-4.0", true)]
    [InlineData("mit", "llama3.1", false)]
    [InlineData("apache-2.0", "cc-by-nc-4.0", false)]
    public void Two_bases_that_each_demand_to_stay_cannot_be_merged(string one, string other, bool conflict)
    {
        Assert.Equal(conflict, LicenseCompatibility.CheckMerge(Find(one), Find(other)) is [_, ..]);
        Assert.Equal(conflict, LicenseCompatibility.CheckMerge(Find(other), Find(one)) is [_, ..]);
    }

    private static IReadOnlyList<CompatibilityFinding> Check(string child, string @base) => LicenseCompatibility.Check(Find(child), Find(@base));

    private static License Find(string id) => LicenseDesk.Find(id) ?? throw new ArgumentException(id);
}
