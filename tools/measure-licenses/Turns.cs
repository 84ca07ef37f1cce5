using System.Text.RegularExpressions;

namespace ModelAtlas.Tools.MeasureLicenses;

/// <summary>A few words exchanged that turn a right into none, or one limit into another. Null where a text has none of them.</summary>
internal static class Turns
{
    public static readonly (string Name, Func<string, Random, string?> Apply)[] All =
    [
        ("a grant turned", (text, random) => Exchange(text, random, ("hereby grants", "does not grant"), ("is hereby granted", "is not granted"), ("are granted", "are not granted"), ("royalty-free", "royalty-bearing"), ("worldwide", "domestic"), ("irrevocable", "revocable"), ("perpetual", "temporary"), ("non-exclusive", "exclusive"))),
        ("a word of a condition turned", (text, random) => Exchange(text, random, ("with or without modification", "without modification"), ("commercial", "non-commercial"), ("must", "need not"), ("provided that", "even if"), ("all copies", "some copies"), ("any purpose", "research purposes"), ("without restriction", "with restrictions"), ("source code", "object code"))),
        ("a threshold changed", (text, random) => Exchange(text, random, ("700 million", "7 million"), ("100 million", "10 million"), ("1,000,000", "100,000"), ("million", "thousand"), ("10%", "30%"), ("thirty", "three"), ("30 days", "3 days"), ("fifty percent", "five percent"), ("50%", "5%"))),
        ("a territory changed", (text, random) => Exchange(text, random, ("European Union", "United States"), ("South Korea", "Japan"), ("California", "Texas"), ("Singapore", "France"), ("worldwide", "European"), ("throughout the world", "in the United States"))),
        ("a version changed", (text, random) => Exchange(text, random, ("Version 2.0", "Version 2.1"), ("version 3", "version 4"), ("Version 1.0", "Version 1.1"), ("4.0 International", "5.0 International"), ("Llama 2", "Llama 5"), ("Llama 3", "Llama 6"))),
        ("\"and\" and \"or\" exchanged", (text, random) => Exchange(text, random, (" and ", " or ")) ?? Exchange(text, random, (" or ", " and "))),
        ("a word left out", LeaveOut),
        ("a sentence of another licence put in", (text, random) => text.Insert(text.IndexOf('\n', text.Length / 2) is > 0 and var at ? at : text.Length, "\n\nEach copy must be registered with the Licensor within thirty days, and the Licensor may withdraw this permission at any time without stating a reason.\n\n")),
        ("a rider behind", (text, _) => text + "\n\nThe above notwithstanding, military use is prohibited, and any use by an organisation of more than 500 employees needs a paid license.\n"),
        ("a rider before", (text, _) => "The following license applies to non-commercial use only. For commercial use a separate agreement has to be signed.\n\n" + text),
        ("characters that nobody sees", (text, random) => Wrappings.Sprinkled(text, random, '\u200b')),
        ("first half only", (text, _) => text[..(text.Length / 2)]),
    ];

    private static string? Exchange(string text, Random random, params (string From, string To)[] pairs)
    {
        var places = pairs.SelectMany(pair => Regex.Matches(text, $@"(?<!\w){Regex.Escape(pair.From)}(?!\w)", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5)).Select(match => (match.Index, pair))).ToList();
        if (places is []) return null;
        var (at, chosen) = places[random.Next(places.Count)];
        return text.Remove(at, chosen.From.Length).Insert(at, chosen.To);
    }

    private static string? LeaveOut(string text, Random random)
    {
        var words = Regex.Matches(text, @"(?<=[a-z] )[a-z]{5,}(?= [a-z])", RegexOptions.None, TimeSpan.FromSeconds(5)).Where(word => word.Index > text.Length / 8).ToList();
        if (words is []) return null;
        var word = words[random.Next(words.Count)];
        return text.Remove(word.Index, word.Length + 1);
    }
}
