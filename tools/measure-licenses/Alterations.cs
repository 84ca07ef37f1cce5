using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Tools.MeasureLicenses;

/// <summary>Changes to a licence text that matter: clauses cut, added or turned round, numbers and letters changed. Null where a text has nothing of the kind to change.</summary>
internal static partial class Alterations
{
    public static readonly (string Name, Func<string, Random, string?> Apply)[] All =
    [
        ("last tenth cut", (text, _) => text[..(text.Length * 9 / 10)]),
        ("last fifth cut", (text, _) => text[..(text.Length * 8 / 10)]),
        ("last third cut", (text, _) => text[..(text.Length * 7 / 10)]),
        ("first tenth cut", (text, _) => text[(text.Length / 10)..]),
        ("first fifth cut", (text, _) => text[(text.Length / 5)..]),
        ("a seventh in the middle cut", (text, random) => CutMiddle(text, random)),
        ("one typing error", (text, random) => Mistyped(text, random, 1)),
        ("few typing errors", (text, random) => Mistyped(text, random, Math.Max(2, text.Length / 600))),
        ("many typing errors", (text, random) => Mistyped(text, random, Math.Max(5, text.Length / 80))),
        ("a number changed", ChangeNumber),
        ("a paragraph removed", RemoveParagraph),
        ("a sentence removed", RemoveSentence),
        ("non-commercial clause added", (text, random) => Insert(text, random, "The above permissions are granted for non-commercial purposes only.")),
        ("research-only words added", (text, random) => InsertWords(text, random, "for academic research")),
        ("territory clause added", (text, random) => Insert(text, random, "This License does not apply in the European Union and the United Kingdom.")),
        ("threshold clause added", (text, random) => Insert(text, random, "If your products have more than 10 million monthly active users, you must request a separate license.")),
        ("output clause added", (text, random) => Insert(text, random, "You may not use outputs of the model to train or improve any other model.")),
        ("naming clause added", (text, random) => Insert(text, random, "You must prominently display \"Built with Foo\" on every product.")),
        ("a \"not\" added or removed", Negate),
        ("\"may\" and \"shall\" exchanged", (text, random) => Swap(text, random, "may", "shall") ?? Swap(text, random, "shall", "may")),
        ("two sentences exchanged", SwapSentences),
    ];

    private static string CutMiddle(string text, Random random)
    {
        var length = text.Length / 7;
        var start = random.Next(text.Length / 5, text.Length * 4 / 5 - length);
        return text.Remove(start, length);
    }

    private static string Mistyped(string text, Random random, int errors)
    {
        var letters = new StringBuilder(text);
        for (var tries = 0; errors > 0 && tries < 100_000; tries++)
        {
            var at = random.Next(letters.Length / 10, letters.Length - 2); // past the heading
            if (!char.IsAsciiLetterLower(letters[at]) || !char.IsAsciiLetterLower(letters[at + 1]) || letters[at] == letters[at + 1]) continue;
            switch (random.Next(4))
            {
                case 0: (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]); break;
                case 1: letters.Remove(at, 1); break;
                case 2: letters.Insert(at, (char)('a' + random.Next(26))); break;
                default: letters[at] = (char)('a' + (letters[at] - 'a' + random.Next(1, 26)) % 26); break;
            }
            errors--;
        }
        return letters.ToString();
    }

    private static string? ChangeNumber(string text, Random random)
    {
        var numbers = Number().Matches(text[(text.Length / 8)..]).ToList();
        if (numbers is []) return null;
        var number = numbers[random.Next(numbers.Count)];
        var at = text.Length / 8 + number.Groups[1].Index;
        var other = char.IsAsciiDigit(number.Value[0]) ? (char)('1' + ((number.Value[0] - '0' + random.Next(8)) % 9)) + number.Value[1..] : number.Value is "ten" or "Ten" ? "twenty" : "ten";
        return text.Remove(at, number.Groups[1].Length).Insert(at, other);
    }

    private static string? RemoveParagraph(string text, Random random)
    {
        var paragraphs = BlankLines().Split(text).Where(paragraph => paragraph.Length > 120).ToList();
        return paragraphs.Count < 3 ? null : text.Replace(paragraphs[random.Next(1, paragraphs.Count - 1)], "", StringComparison.Ordinal);
    }

    private static string? RemoveSentence(string text, Random random)
    {
        var sentences = Sentence().Matches(text).Where(sentence => sentence.Index > text.Length / 6 && sentence.Index < text.Length * 3 / 4).ToList();
        return sentences is [] ? null : text.Replace(sentences[random.Next(sentences.Count)].Groups[1].Value, "", StringComparison.Ordinal);
    }

    private static string? SwapSentences(string text, Random random)
    {
        var sentences = Sentence().Matches(text).Where(sentence => sentence.Index > text.Length / 6 && sentence.Index < text.Length * 3 / 4).ToList();
        if (sentences.Count < 4) return null;
        var first = random.Next(sentences.Count - 2);
        var (one, two) = (sentences[first].Groups[1].Value, sentences[first + 2].Groups[1].Value);
        return one == two ? null : text.Replace(one, "\u0001", StringComparison.Ordinal).Replace(two, one, StringComparison.Ordinal).Replace("\u0001", two, StringComparison.Ordinal);
    }

    private static string Insert(string text, Random random, string clause)
    {
        var places = Sentence().Matches(text).Where(sentence => sentence.Index > text.Length / 6).ToList();
        var at = places is [] ? text.Length : places[random.Next(places.Count)] is var place ? place.Index + place.Length : 0;
        return text.Insert(at, " " + clause + " ");
    }

    private static string InsertWords(string text, Random random, string words)
    {
        var blanks = Enumerable.Range(text.Length / 4, text.Length / 2).Where(at => text[at] is ' ' && char.IsLetter(text[at - 1])).ToList();
        return blanks is [] ? text + words : text.Insert(blanks[random.Next(blanks.Count)], " " + words);
    }

    private static string? Negate(string text, Random random)
    {
        var places = Not().Matches(text[(text.Length / 10)..]).ToList();
        if (places is []) return null;
        var place = places[random.Next(places.Count)];
        var at = text.Length / 10 + place.Index;
        return place.Value.Trim().Equals("not", StringComparison.OrdinalIgnoreCase) ? text.Remove(at, place.Length).Insert(at, " ") : text.Insert(at + place.Length, "not ");
    }

    private static string? Swap(string text, Random random, string from, string to)
    {
        var places = Regex.Matches(text, $@"\b{from}\b", RegexOptions.None, TimeSpan.FromSeconds(5)).ToList();
        if (places is []) return null;
        var place = places[random.Next(places.Count)];
        return text.Remove(place.Index, place.Length).Insert(place.Index, to);
    }

    [GeneratedRegex(@"\n\s*\n", RegexOptions.None, 5000)]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"(?<=[a-z$] |[$]|(?:thirty|fifty|sixty|one|three) \()(\d+(,\d{3})*|[Tt]hirty|[Tt]en|[Ff]ifty|[Tt]hree)(?= [a-z(%]|%|\) [a-z])", RegexOptions.None, 5000)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=\.\s)([A-Z][^.]{60,400}\.)(?=\s)", RegexOptions.None, 5000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(not|may|shall|must|will)\s", RegexOptions.None, 5000)]
    private static partial Regex Not();
}
