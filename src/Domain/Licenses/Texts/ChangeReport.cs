using System.Globalization;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Says what is missing, added or changed, clause by clause.</summary>
internal static class ChangeReport
{
    private const int MostLines = 20;

    public static IReadOnlyList<string> Of(TextComparison comparison, IReadOnlySet<int> typingErrors)
    {
        var lines = new List<string>();
        foreach (var difference in comparison.Differences) lines.Add(Line(comparison, difference));
        foreach (var at in typingErrors.Order())
        {
            if (Array.IndexOf(comparison.InputOf, at) is >= 0 and var known) lines.Add($"typing error{In(comparison.Known, known)}: \"{comparison.Input.Quote(at, at + 1)}\"");
        }
        return lines.Count <= MostLines ? lines : [.. lines.Take(MostLines), $"and {lines.Count - MostLines} more differences"];
    }

    private static string Line(TextComparison comparison, Difference difference)
    {
        var known = comparison.Known;
        if (difference.Added is 0) return Missing(known, difference);
        var quote = comparison.Input.Quote(difference.InputFrom, difference.InputTo);
        var said = TopicFinder.Of(comparison.Input.Quote(difference.InputFrom, difference.InputTo, 4000));
        if (said is Topics.None || (difference.Missing > 0 && difference.Added < 12)) said |= TopicFinder.Of(Around(comparison.Input, difference));
        if (difference.Missing is 0)
        {
            return $"added{In(known, Math.Min(difference.KnownFrom, known.Length - 1))}{About(said)}: \"{quote}\"";
        }
        var topics = said | TopicsOf(known, difference);
        return $"changed{In(known, difference.KnownFrom)}{About(topics)}: {Count(difference.Missing)} of the known text read \"{quote}\"";
    }

    private static string Around(WordedText input, Difference difference) =>
        input.Quote(Math.Max(0, difference.InputFrom - 6), Math.Min(input.Words.Count, difference.InputTo + 6), 600);

    private static string Missing(KnownText known, Difference difference)
    {
        var topics = About(TopicsOf(known, difference));
        if (difference.KnownTo >= known.Length) return $"missing: the end{From(known, difference.KnownFrom)}, {Count(difference.Missing)}{topics}";
        return difference.KnownFrom is 0
            ? $"missing: the beginning, {Count(difference.Missing)}{topics}"
            : $"missing{In(known, difference.KnownFrom)}: {Count(difference.Missing)}{topics}";
    }

    private static Topics TopicsOf(KnownText known, Difference difference) => known.Clauses
        .Where((clause, at) => clause.Start < difference.KnownTo && (at + 1 == known.Clauses.Length || known.Clauses[at + 1].Start > difference.KnownFrom))
        .Aggregate(Topics.None, (topics, clause) => topics | clause.Topics);

    private static string In(KnownText known, int word) => known.ClauseAt(word).Number is { Length: > 0 } number ? $" in clause {number}" : "";

    private static string From(KnownText known, int word) => known.ClauseAt(word).Number is { Length: > 0 } number ? $" from clause {number} on" : "";

    private static string About(Topics topics) => topics is Topics.None ? "" : $" ({TopicFinder.Words(topics)})";

    private static string Count(int words) => words is 1 ? "1 word" : string.Create(CultureInfo.InvariantCulture, $"{words} words");
}
