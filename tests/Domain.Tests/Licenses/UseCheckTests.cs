using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Tests.Licenses;

public class UseCheckTests
{
    [Theory]
    [InlineData("mit", UseQuestion.RunInside, UseOutcome.Allowed)]
    [InlineData("mit", UseQuestion.OfferAsService, UseOutcome.Allowed)]
    [InlineData("mit", UseQuestion.ShipWeights, UseOutcome.AllowedWithDuties)]
    [InlineData("mit", UseQuestion.TrainOnOutputs, UseOutcome.Allowed)]
    [InlineData("mit", UseQuestion.UseAboveLimits, UseOutcome.Allowed)]
    [InlineData("cc0-1.0", UseQuestion.ShipWeights, UseOutcome.Allowed)]
    [InlineData("apache-2.0", UseQuestion.FineTuneAndPublish, UseOutcome.AllowedWithDuties)]
    [InlineData("agpl-3.0", UseQuestion.OfferAsService, UseOutcome.AllowedWithDuties)]
    [InlineData("cc-by-nc-4.0", UseQuestion.RunInside, UseOutcome.NotAllowed)]
    [InlineData("cc-by-nc-4.0", UseQuestion.FineTuneAndPublish, UseOutcome.AllowedWithDuties)]
    [InlineData("cc-by-nd-4.0", UseQuestion.FineTuneAndPublish, UseOutcome.NotAllowed)]
    [InlineData("llama2", UseQuestion.TrainOnOutputs, UseOutcome.NotAllowed)]
    [InlineData("llama3.1", UseQuestion.TrainOnOutputs, UseOutcome.AllowedWithDuties)]
    [InlineData("llama3.1", UseQuestion.RunInside, UseOutcome.AllowedWithDuties)]
    [InlineData("llama3.1", UseQuestion.UseAboveLimits, UseOutcome.NotAllowed)]
    [InlineData("llama4", UseQuestion.UseAboveLimits, UseOutcome.NotAllowed)]
    [InlineData("gemma", UseQuestion.OfferAsService, UseOutcome.AllowedWithDuties)]
    [InlineData("hunyuan", UseQuestion.UseAboveLimits, UseOutcome.NotAllowed)]
    [InlineData("kimi-modified-mit", UseQuestion.UseAboveLimits, UseOutcome.AllowedWithDuties)]
    [InlineData("mistral-modified-mit", UseQuestion.UseAboveLimits, UseOutcome.NotAllowed)]
    [InlineData("creativeml-openrail-m", UseQuestion.ShipWeights, UseOutcome.AllowedWithDuties)]
    [InlineData("ms-research", UseQuestion.ShipWeights, UseOutcome.NotAllowed)]
    [InlineData("other", UseQuestion.RunInside, UseOutcome.AskCounsel)]
    [InlineData("unknown", UseQuestion.TrainOnOutputs, UseOutcome.AskCounsel)]
    [InlineData("h-research", UseQuestion.FineTuneAndPublish, UseOutcome.AskCounsel)]
    public void One_licence_answers_each_use(string license, UseQuestion use, UseOutcome outcome) => Assert.Equal(outcome, Answer(use, license).Outcome);

    [Fact]
    public void The_strictest_link_of_the_lineage_governs_and_every_link_gives_its_clauses()
    {
        var answer = Answer(UseQuestion.TrainOnOutputs, "apache-2.0", "llama2");

        Assert.Equal(UseOutcome.NotAllowed, answer.Outcome);
        Assert.Contains(answer.Reasons, reason => reason is { Subject: "model 1", Clause: "1.b.v" });
        Assert.Equal(UseOutcome.AllowedWithDuties, Answer(UseQuestion.RunInside, "mit", "gemma", "apache-2.0").Outcome);
    }

    [Fact]
    public void An_unknown_licence_anywhere_in_the_lineage_is_a_question_for_counsel()
    {
        var lineage = new List<LineageLink> { new("child", LicenseDesk.Find("mit")), new("base", null) };

        Assert.All(UseCheck.All(lineage), answer => Assert.Equal(UseOutcome.AskCounsel, answer.Outcome));
        Assert.All(UseCheck.All([]), answer => Assert.Equal(UseOutcome.AskCounsel, answer.Outcome));
    }

    [Fact]
    public void No_licence_without_facts_is_ever_allowed()
    {
        foreach (var license in LicenseDesk.All.Where(license => license.Class is LicenseClass.Unknown || license.FactsSource is null))
        {
            Assert.All(UseCheck.All([new("model", license)]), answer => Assert.Equal(UseOutcome.AskCounsel, answer.Outcome));
        }
    }

    [Fact]
    public void Every_licence_answers_all_six_uses_with_reasons_for_anything_but_a_plain_yes()
    {
        foreach (var answer in LicenseDesk.All.SelectMany(license => UseCheck.All([new("model", license)])))
        {
            Assert.True(answer.Outcome is UseOutcome.Allowed || answer.Reasons.Count > 0);
        }
    }

    private static UseAnswer Answer(UseQuestion use, params string[] licenses) =>
        UseCheck.Answer(use, [.. licenses.Select((id, at) => new LineageLink($"model {at}", LicenseDesk.Find(id)))]);
}
