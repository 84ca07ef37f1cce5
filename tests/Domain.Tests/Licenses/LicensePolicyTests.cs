using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Tests.Licenses;

public sealed class LicensePolicyTests
{
    [Theory]
    [InlineData("apache-2.0", PolicyOutcome.Allowed)]
    [InlineData("mit", PolicyOutcome.Allowed)]
    [InlineData("cc-by-sa-4.0", PolicyOutcome.Allowed)]
    [InlineData("llama3", PolicyOutcome.Review)]
    [InlineData("gemma", PolicyOutcome.Review)]
    [InlineData("agpl-3.0", PolicyOutcome.Review)]
    [InlineData("mistral-modified-mit", PolicyOutcome.Review)]
    [InlineData("solar", PolicyOutcome.Review)]
    [InlineData("other", PolicyOutcome.Review)]
    [InlineData("cc-by-nc-4.0", PolicyOutcome.Denied)]
    [InlineData("qwen-research", PolicyOutcome.Denied)]
    public void A_company_takes_what_has_no_limits_looks_at_what_has_some_and_leaves_what_it_may_not_sell(string license, PolicyOutcome outcome)
    {
        var verdict = LicensePolicy.Company.Judge(LicenseDesk.Find(license) ?? throw new ArgumentException(license));
        Assert.Equal(outcome, verdict.Outcome);
        Assert.Equal(outcome == PolicyOutcome.Allowed, verdict.Reasons is []);
    }

    [Fact]
    public void No_licence_and_a_conflict_are_for_a_person_and_never_allowed()
    {
        Assert.Equal(PolicyOutcome.Review, LicensePolicy.Company.Judge(null).Outcome);
        Assert.Equal(PolicyOutcome.Review, LicensePolicy.Company.Judge(LicenseDesk.Find("mit"), conflict: true).Outcome);
        Assert.Equal(PolicyOutcome.Denied, LicensePolicy.Company.Judge(LicenseDesk.Find("cc-by-nc-4.0"), conflict: true).Outcome);
    }

    [Fact]
    public void A_policy_of_ones_own_may_name_licences_terms_and_missing_rights()
    {
        var own = new LicensePolicy("Ours", ["mit", "!patent-use"], ["naming"]);
        Assert.Equal(["MIT"], own.Judge(LicenseDesk.Find("mit")).Reasons.Take(1));
        Assert.Equal(PolicyOutcome.Denied, own.Judge(LicenseDesk.Find("cc0-1.0")).Outcome);
        Assert.Equal(PolicyOutcome.Allowed, own.Judge(LicenseDesk.Find("apache-2.0")).Outcome);
        Assert.All(own.Deny.Concat(own.Review), rule => Assert.True(LicensePolicy.IsRule(rule), rule));
        Assert.False(LicensePolicy.IsRule("no-such-term"));
    }
}
