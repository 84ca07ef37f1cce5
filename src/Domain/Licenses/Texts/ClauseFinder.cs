namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>Cuts a text into sentences and notes under which number each stands.</summary>
internal static class ClauseFinder
{
    private const int ShortestClause = 5;

    public static Clause[] Find(WordedText text)
    {
        var starts = new List<int> { 0 };
        for (var i = 1; i < text.Words.Count; i++)
        {
            if (i - starts[^1] >= ShortestClause && (text.Words[i].AfterNumber || EndsBetween(text, i))) starts.Add(i);
        }
        var numbers = new NumberTrail();
        var clauses = new Clause[starts.Count];
        for (var i = 0; i < clauses.Length; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : text.Words.Count;
            for (var word = starts[i]; word < end; word++)
            {
                if (word == starts[i] && text.Words[word].AfterNumber) numbers.Take(NumbersBefore(text, word));
            }
            var from = text.Words[starts[i]].Start;
            var to = text.Words[end - 1].Start + text.Words[end - 1].Length;
            clauses[i] = new(starts[i], numbers.Current, TopicFinder.Of(text.Text[from..to]));
        }
        return clauses;
    }

    private static bool EndsBetween(WordedText text, int word)
    {
        var between = text.Text.AsSpan(text.Words[word - 1].Start + text.Words[word - 1].Length, text.Words[word].Start - text.Words[word - 1].Start - text.Words[word - 1].Length);
        return between.Contains(';') || between.Contains('。') || between.IndexOf(". ") >= 0 || between.IndexOf(".\n") >= 0 || between.IndexOf("\n\n") >= 0;
    }

    /// <summary>"4" and "b" of <c>4. (b)</c>.</summary>
    private static IEnumerable<string> NumbersBefore(WordedText text, int word)
    {
        var start = word is 0 ? 0 : text.Words[word - 1].Start + text.Words[word - 1].Length;
        return text.Text[start..text.Words[word].Start].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Trim('(', ')', '[', ']', '.', '*', '#', '>', '\\', '-', ':').ToLowerInvariant())
            .Reverse().TakeWhile(part => part.Length is 0 || ListNumbers.LooksLikeOne(part)).Where(part => part.Length > 0).Reverse();
    }

    /// <summary>Joins "4", then "b", then "ii" to "4.b.ii".</summary>
    private sealed class NumberTrail
    {
        private string _number = "";
        private string _letter = "";
        private string _roman = "";

        public string Current { get; private set; } = "";

        public void Take(IEnumerable<string> numbers)
        {
            foreach (var number in numbers) Take(number);
        }

        private void Take(string number)
        {
            if (char.IsAsciiDigit(number[0])) (_number, _letter, _roman) = (number, "", "");
            else if (number.Length is 1 && !IsRoman(number)) (_letter, _roman) = (number, "");
            else _roman = number;
            Current = string.Join('.', new[] { _number, _letter, _roman }.Where(part => part.Length > 0));
        }

        private bool IsRoman(string letter) => letter switch
        {
            "i" => _letter is not "h",
            "v" => _letter is not "u" && _roman is "iv",
            "x" => _letter is not "w" && _roman is "ix",
            _ => false,
        };
    }
}
