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

    /// <summary>One letter a use, in the order run inside, offer as a service, ship, fine-tune and publish, train on outputs, above limits: (y)es, with (d)uties, (n)o, ask (c)ounsel.</summary>
    [Theory]
    [InlineData("GPT-2", "ydddyy", "gpt2-modified-mit")]
    [InlineData("BLOOM", "dddddy", "bigscience-bloom-rail-1.0")]
    [InlineData("Falcon 40B, first release", "dddddd", "tii-falcon-llm-1.0")]
    [InlineData("Falcon 40B today", "yyddyy", "apache-2.0")]
    [InlineData("Llama 3", "ddddnn", "llama3")]
    [InlineData("Mistral 7B", "yyddyy", "apache-2.0")]
    [InlineData("Gemma 3", "dddddy", "gemma")]
    [InlineData("DeepSeek V3", "dddddy", "deepseek")]
    [InlineData("DeepSeek R1", "yyddyy", "mit")]
    [InlineData("a Llama fine-tune tagged apache-2.0", "ddddnn", "apache-2.0", "llama3")]
    [InlineData("a quantisation of Gemma", "dddddy", "gemma", "gemma")]
    [InlineData("a non-commercial merge", "nnndnn", "apache-2.0", "mit", "cc-by-nc-4.0")]
    [InlineData("a merge of what cannot be joined", "ddccnn", "apache-2.0", "gpl-3.0", "llama3")]
    [InlineData("a fine-tune of a model nobody knows", "cccccc", "mit", "nobody-knows")]
    public void A_lineage_answers_all_six_uses(string model, string answers, params string[] licenses)
    {
        var given = UseCheck.All([.. licenses.Select((id, at) => new LineageLink($"model {at}", LicenseDesk.Find(id)))]);

        Assert.Equal(Enum.GetValues<UseQuestion>(), given.Select(answer => answer.Use));
        Assert.All(given.Zip(answers), pair => Assert.True(Letter(pair.First.Outcome) == pair.Second, $"{model}: {pair.First.Use} is {pair.First.Outcome}"));
        Assert.All(given.Where(answer => answer.Outcome is UseOutcome.NotAllowed), answer => Assert.Contains(answer.Reasons, reason => reason is { Outcome: UseOutcome.NotAllowed, Clause: not null }));
    }

    private static char Letter(UseOutcome outcome) => outcome switch
    {
        UseOutcome.Allowed => 'y',
        UseOutcome.AllowedWithDuties => 'd',
        UseOutcome.NotAllowed => 'n',
        _ => 'c',
    };

    private static UseAnswer Answer(UseQuestion use, params string[] licenses) =>
        UseCheck.Answer(use, [.. licenses.Select((id, at) => new LineageLink($"model {at}", LicenseDesk.Find(id)))]);
}
