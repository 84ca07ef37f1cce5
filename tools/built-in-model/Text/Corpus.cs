using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>The training text: conversation number n is the same on every machine.</summary>
internal sealed class Corpus
{
    /// <summary>As many as the model in the repository was trained on.</summary>
    public const int Size = 400_000;

    private const int Seed = 20261126;

    private static readonly FactTag[] RareFacts = [FactTag.UserThreshold, FactTag.RevenueThreshold, FactTag.Naming, FactTag.Territory, FactTag.NetworkUse, FactTag.RestrictionsFlowDown, FactTag.SameLicense, FactTag.DiscloseSource];

    private readonly IReadOnlyList<SpokenLicense> _licenses = SpokenLicense.Read();
    private readonly FactQuestions _facts = new();
    private readonly IReadOnlyList<QuestionBlock> _topics = QuestionBlock.Read("topics.txt");
    private readonly QuestionBlock _strangers = QuestionBlock.Read("strangers.txt")[0];
    private readonly (double Weight, Func<Random, Exchange> Ask)[] _kinds;

    public Corpus() => _kinds =
    [
        (40, random => AskFact(Fact(random), random)),
        (8, random => LicenseQuestions.What(License(random), random)),
        (8, random => LicenseQuestions.Class(License(random), random)),
        (5, random => LicenseQuestions.Duty(License(random), random)),
        (2.5, random => LicenseQuestions.Approval(License(random), random)),
        (4, random => LicenseQuestions.Service(License(random), random)),
        (2.5, random => LicenseQuestions.KindOf(License(random), random)),
        (7, Difference),
        (4, random => Scenarios.Ask(License(random), random)),
        (24, Topic),
        (3.5, Stranger),
    ];

    public IReadOnlyList<Exchange> Conversation(int number)
    {
        var random = new Random(HashCode(number));
        if (random.NextDouble() < 0.12) return [.. FollowUp(random).Select(exchange => Typed(exchange, random))];
        var first = Typed(Any(random), random);
        return random.NextDouble() < 0.12 ? [first, Typed(Any(random), random)] : [first];
    }

    /// <summary>A second question that only makes sense behind the first.</summary>
    private Exchange[] FollowUp(Random random)
    {
        var license = License(random);
        var fact = Fact(random);
        var first = FactQuestions.Ask(fact, license, random);
        if (random.Next(2) == 0)
        {
            var other = License(random);
            var question = Wording.Make("{and|what about|how about|and what about|and with|and under|same for|and for} {L}", random, new Dictionary<string, string?> { ["L"] = other.AnyName(random) });
            var answer = FactQuestions.Ask(fact, other, random).Answer;
            var bare = answer.StartsWith("Yes, ", StringComparison.Ordinal) ? answer[5..] : answer.StartsWith("No, ", StringComparison.Ordinal) ? answer[4..] : answer;
            return [first, new(question, Exchange.Sentence(bare))];
        }
        var it = Wording.Make("{it|this licence|that licence|that one}", random, new Dictionary<string, string?>());
        return [first, random.Next(4) switch
        {
            0 => LicenseQuestions.Class(license, random, it),
            1 => LicenseQuestions.Duty(license, random, it),
            _ => FactQuestions.Ask(Fact(random), license, random, it),
        }];
    }

    private Exchange Any(Random random) => Weighted.Pick(_kinds, kind => kind.Weight, random).Ask(random);

    /// <summary>Where most licences answer alike, those that do not are asked as often as the others.</summary>
    private Exchange AskFact((QuestionBlock Block, FactTag Tag) fact, Random random)
    {
        if (RareFacts.Contains(fact.Tag) && random.Next(2) == 0)
        {
            var special = _licenses.Where(license => license.Says(fact.Tag) is Answer.Yes or Answer.Conditional).ToList();
            return FactQuestions.Ask(fact, Weighted.Pick(special, license => license.Weight, random), random);
        }
        var any = License(random);
        if (random.NextDouble() > 0.14) return FactQuestions.Ask(fact, any, random);
        var asked = FactQuestions.Ask(fact, any, random, Wording.Make("{it|this|this licence|that licence|it}", random, new Dictionary<string, string?>()));
        var about = Wording.Make("{{L}:|{L}:|about {L}:|under {L},|with {L},|regarding {L},|and {L},|take {L}:|{L}.|concerning {L}:|the licence is {L}.|for {L}:}", random, new Dictionary<string, string?> { ["L"] = any.AnyName(random) });
        return asked with { Question = $"{about} {asked.Question}" };
    }

    private Exchange Difference(Random random)
    {
        var one = License(random);
        var other = License(random);
        while (other == one) other = License(random);
        return LicenseQuestions.Difference(one, other, random);
    }

    private Exchange Topic(Random random) => Of(Weighted.Pick(_topics, topic => topic.Weight, random), random);

    private Exchange Stranger(Random random) => Of(_strangers, random);

    private static Exchange Of(QuestionBlock block, Random random)
    {
        var none = new Dictionary<string, string?>();
        return new(Wording.Make(block.Any('?', random), random, none), Wording.Make(block.Any('=', random), random, none));
    }

    private (QuestionBlock Block, FactTag Tag) Fact(Random random) => Weighted.Pick(_facts.Facts, fact => fact.Block.Weight, random);

    private SpokenLicense License(Random random) => Weighted.Pick(_licenses, license => license.Weight, random);

    private static Exchange Typed(Exchange exchange, Random random) => exchange with { Question = Speech.Typed(exchange.Question, random) };

    private static int HashCode(int number) => unchecked((int)(((uint)number * 2654435761u) ^ Seed));
}
