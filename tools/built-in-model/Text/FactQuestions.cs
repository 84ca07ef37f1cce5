using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>Questions after one fact of one licence.</summary>
internal sealed class FactQuestions
{
    private static readonly (char Sign, double Weight)[] Ways = [('?', 0.62), ('!', 0.14), (':', 0.24)];

    private readonly List<(QuestionBlock Block, FactTag Tag)> _facts =
        [.. QuestionBlock.Read("facts.txt").Select(block => (block, FactTag.Find(block.Name) ?? throw new InvalidDataException($"facts.txt asks for {block.Name}, which is no fact.")))];

    public IReadOnlyList<(QuestionBlock Block, FactTag Tag)> Facts => _facts;

    /// <param name="name">How the question names the licence; null takes one of its names.</param>
    public static Exchange Ask((QuestionBlock Block, FactTag Tag) fact, SpokenLicense license, Random random, string? name = null)
    {
        var signs = Ways.Where(way => fact.Block.Lines.Contains(way.Sign)).ToList();
        var sign = Weighted.Pick(signs, way => way.Weight, random).Sign;
        var question = Wording.Make(fact.Block.Any(sign, random), random, new Dictionary<string, string?> { ["L"] = name ?? license.AnyName(random) });
        var (answer, note) = (license.License.Fact(fact.Tag).Answer, license.License.Fact(fact.Tag).Note);
        var form = answer switch { Answer.Yes => '+', Answer.No => '-', Answer.Conditional => '~', _ => '0' };
        if (fact.Tag == FactTag.SameLicense && form == '-' && license.License.Fact(FactTag.DerivativesKeepTerms) is { Answer: Answer.Yes or Answer.Conditional } kept) (form, note) = ('*', kept.Note);
        var values = new Dictionary<string, string?> { ["L"] = license.Name, ["note"] = note };
        var statement = fact.Block.Lines.Contains(form)
            ? Wording.Make(fact.Block.Any(form, random), random, values)
            : $"{license.Name} does not settle this.";
        // A condition that no note spells out.
        statement = statement.Replace(" on a condition: .", " on conditions.", StringComparison.Ordinal).Replace(": .", ".", StringComparison.Ordinal);
        var lead = (sign, form) switch
        {
            ('?', '+') or ('!', '-') => "Yes, ",
            ('?', '-' or '*') or ('!', '+') => "No, ",
            _ => "",
        };
        return new(question, Exchange.Sentence(lead + statement));
    }
}

internal static class Weighted
{
    public static T Pick<T>(IReadOnlyList<T> all, Func<T, double> weight, Random random)
    {
        var at = random.NextDouble() * all.Sum(weight);
        foreach (var one in all)
            if ((at -= weight(one)) < 0) return one;
        return all[^1];
    }
}
