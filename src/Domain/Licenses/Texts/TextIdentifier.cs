namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Decides which of a set of known texts an input is.</summary>
internal sealed class TextIdentifier(FingerprintFile file)
{
    private const int LongestText = 1 << 20;
    private const int MostWords = 60_000;
    private const int FewestWords = 12;
    private const int Candidates = 6;

    // An altered text must still be mostly that licence (or, where it is only cut short, a good piece of it) ...
    private const double SmallestShare = 0.4;
    private const double SmallestPiece = 0.2;
    private const int FewestMatched = 30;

    // ... and what is there must be worded as in it: a few changed clauses, not another licence of the same family.
    private const double LargestRewrite = 0.12;
    private const int MostPlaces = 12;

    private readonly TextIndex _index = new(file);

    public TextMatch Identify(string text)
    {
        if (text.Length > LongestText) return TextMatch.Unknown("the text is longer than 1 MiB");
        if (PlainText.Unreadable(text) is { } reason) return TextMatch.Unknown(reason);
        text = LineMarks.Without(text);
        var read = WordReader.Read(text);
        var input = Hyphens.Join(read, _index.Vocabulary);
        if (input.Words.Count < FewestWords) return TextMatch.Unknown("the text is too short to be a licence; at most it names one");
        if (input.Words.Count > MostWords) return TextMatch.Unknown("the text is far longer than any known licence");
        var exact = Compare(input).Find(comparison => comparison.IsExact);
        if (exact is null && Hyphens.Whole(read, _index.Vocabulary) is { } whole) exact = Compare(WordReader.Read(whole)).Find(comparison => comparison.IsExact);
        if (exact is not null) return new(exact.Known.Id, TextMatchKind.Exact, 1, []);
        return Altered(text, input);
    }

    /// <summary>The same answer, and where in the text it differs.</summary>
    public MarkedText Mark(string text)
    {
        var match = Identify(text);
        if (match.Match is not TextMatchKind.Altered || match.License is not { } id) return MarkedText.Plain(match, text);
        var input = TypingErrors.Read(Hyphens.Join(WordReader.Read(LineMarks.Without(text)), _index.Vocabulary), _index.Vocabulary).Text;
        return Compare(input).Find(comparison => comparison.Known.Id == id) is { } comparison ? MarkedText.Of(match, comparison) : MarkedText.Plain(match, text);
    }

    private TextMatch Altered(string text, WordedText input)
    {
        var (read, errors) = TypingErrors.Read(input, _index.Vocabulary);
        var comparisons = Compare(read);
        if (comparisons is not [var nearest, ..]) return TextMatch.Unknown("no known licence text is similar");
        var names = SelfName.All(text);
        var best = SelfName.Contradicts(nearest.Known, names) && comparisons.Find(other => names.Contains(other.Known.Id) && IsAltered(other, errors)) is { } named ? named : nearest;
        var similarity = Math.Round(best.Similarity, 4);
        if (SecondLicence(best, read) is { } second) return TextMatch.Unknown($"the file holds more than one licence text: {best.Known.Id} and {second}", similarity);
        if (!IsMostly(best)) return TextMatch.Unknown($"no known licence text is similar enough; the nearest is {best.Known.Id}", similarity);
        if (SelfName.Contradicts(best.Known, names)) return TextMatch.Unknown($"the text calls itself {names.First()}; it is not {best.Known.Id}, the nearest known text", similarity);
        if (!IsAltered(best, errors)) return TextMatch.Unknown($"too much is worded otherwise than in {best.Known.Id}, the nearest known text: this is another licence", similarity);
        return new(best.Known.Id, TextMatchKind.Altered, Math.Min(similarity, 0.9999), ChangeReport.Of(best, errors));
    }

    private static bool IsMostly(TextComparison comparison)
    {
        var there = (double)comparison.Matched / comparison.Known.Length;
        var own = (double)comparison.Matched / (comparison.Matched + comparison.Added);
        return comparison.Matched >= FewestMatched && own >= SmallestShare && (there >= SmallestShare || (there >= SmallestPiece && own > 0.9));
    }

    private bool IsAltered(TextComparison comparison, HashSet<int> errors) =>
        IsMostly(comparison) && Rewritten(comparison) <= LargestRewrite && Places(comparison) <= MostPlaces + (errors.Count / 10); // one slip in ten makes another known word

    /// <summary>Places that are worded otherwise, where that is no slip of the keyboard.</summary>
    internal int Places(TextComparison comparison) => comparison.Differences.Count(difference => !IsSlip(comparison, difference));

    private bool IsSlip(TextComparison comparison, Difference difference) =>
        difference is { Missing: <= 4, Added: >= 1 and <= 4 }
        && Enumerable.Range(difference.InputFrom, difference.Added).Any(at => !_index.Vocabulary.Contains(comparison.Input.Words[at].Hash));

    internal TextComparison? Nearest(string text) => Compare(TypingErrors.Read(WordReader.Read(text), _index.Vocabulary).Text).FirstOrDefault();

    /// <summary>The nearest texts, best first: of exact ones the longest, else the one whose words the input has most of without having others.</summary>
    private List<TextComparison> Compare(WordedText input)
    {
        var grams = input.Grams();
        return [.. _index.Nearest(grams, Candidates)
            .Select(near => TextComparison.Of(near.Text, input, grams))
            .OrderByDescending(comparison => comparison.IsExact)
            .ThenByDescending(comparison => comparison.IsExact ? comparison.Matched : comparison.Fit)
            .ThenByDescending(comparison => comparison.Similarity)];
    }

    /// <summary>Words that stand in place of others, as a share of the words there: what a licence of the same family has and a changed clause or two has not.</summary>
    internal static double Rewritten(TextComparison comparison) =>
        comparison.Differences.Where(difference => difference is { Missing: > 0, Added: > 0 }).Sum(difference => Math.Min(difference.Missing, difference.Added))
        / (double)Math.Max(1, comparison.Matched);

    /// <summary>Another licence whose text stands in what the best match leaves over.</summary>
    private string? SecondLicence(TextComparison best, WordedText input)
    {
        var rest = new HashSet<int>(Enumerable.Range(0, input.Words.Count));
        rest.ExceptWith(best.InputOf);
        if (rest.Count < FewestMatched) return null;
        var grams = input.Grams();
        var over = Enumerable.Range(0, Math.Max(0, input.Words.Count - 2)).Where(at => rest.Contains(at) && rest.Contains(at + 1) && rest.Contains(at + 2)).Select(at => grams[at]).ToList();
        var second = _index.Nearest(over, 3).FirstOrDefault(near => near.Text.Id != best.Known.Id && near.Share >= 0.5);
        return second.Text?.Id;
    }
}
