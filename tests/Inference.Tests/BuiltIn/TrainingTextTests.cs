using ModelAtlas.Domain.Licenses;
using ModelAtlas.Tools.BuiltInModel.Text;

namespace ModelAtlas.Inference.Tests.BuiltIn;

public sealed class TrainingTextTests
{
    [Fact]
    public void Every_question_and_answer_is_a_finished_text()
    {
        var corpus = new Corpus();
        foreach (var exchange in Enumerable.Range(0, 5000).SelectMany(corpus.Conversation))
        {
            Assert.NotEmpty(exchange.Question);
            Assert.Matches("^[A-Z][^{}|]*[.!?]$", exchange.Answer);
            Assert.DoesNotContain("{", exchange.Question, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_conversation_is_the_same_whenever_it_is_made() => Assert.Equal(new Corpus().Conversation(4711), new Corpus().Conversation(4711));

    [Theory]
    [InlineData("commercial-use", "mit", "MIT allows commercial use|allowed under MIT")]
    [InlineData("commercial-use", "cc-by-nc-4.0", "CC BY-NC 4.0 does not allow|not allowed under CC BY-NC 4.0")]
    [InlineData("user-threshold", "llama3.1", "limit by number of users: 700 million")]
    [InlineData("patent-use", "mit", "MIT does not settle")]
    [InlineData("same-license", "gpl-3.0", "requires derivatives under the same licence")]
    [InlineData("same-license", "llama3", "derivatives must keep its terms")]
    public void An_answer_says_what_the_licence_facts_say(string fact, string license, string expected)
    {
        var (asked, spoken) = (new FactQuestions().Facts.Single(one => one.Tag.Id == fact), SpokenLicense.Read().Single(one => one.License.Id == license));
        for (var seed = 0; seed < 50; seed++) Assert.Matches(expected.Replace(".", "\\.", StringComparison.Ordinal), FactQuestions.Ask(asked, spoken, new Random(seed)).Answer);
    }

    [Fact]
    public void Yes_and_no_follow_from_what_was_asked_for()
    {
        var commerce = new FactQuestions().Facts.Single(one => one.Tag == FactTag.CommercialUse);
        var mit = SpokenLicense.Read().Single(one => one.License.Id == "mit");
        var answers = Enumerable.Range(0, 400).Select(seed => FactQuestions.Ask(commerce, mit, new Random(seed))).ToList();
        Assert.All(answers.Where(one => one.Question.StartsWith("does MIT forbid", StringComparison.Ordinal)), one => Assert.StartsWith("No, ", one.Answer, StringComparison.Ordinal));
        Assert.All(answers.Where(one => one.Question.StartsWith("does MIT allow", StringComparison.Ordinal)), one => Assert.StartsWith("Yes, ", one.Answer, StringComparison.Ordinal));
        Assert.Contains(answers, one => one.Answer.StartsWith("No, ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{a|b} {c}", "a x|b x")]
    [InlineData("one[ and {none}]", "one")]
    [InlineData("one[ and {c}]", "one and x")]
    [InlineData("{{a|b}|{a|b}}", "a|b")]
    public void A_pattern_makes_one_of_its_sentences(string pattern, string sentences)
    {
        var values = new Dictionary<string, string?> { ["c"] = "x", ["none"] = null };
        var made = Enumerable.Range(0, 100).Select(seed => Wording.Make(pattern, new Random(seed), values)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(sentences.Split('|').Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
    }
}
