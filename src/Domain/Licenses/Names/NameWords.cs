using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ModelAtlas.Domain.Licenses.Names;

/// <summary>Takes a licence name apart into words and marks.</summary>
internal static class NameWords
{
    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(
        [
            "the", "a", "an", "this", "is", "under", "of", "for", "see", "file", "text", "released", "available", "distributed", "licensed", "licenced", "license", "licence",
            "licenses", "licences", "agreement", "terms", "version", "ver", "v", "spdx", "international", "unported", "generic", "model", "our", "weights", "are",
        ], StringComparer.Ordinal);

    // What a reader cannot tell from a Latin letter; NFKC already folds full-width letters and roman numerals.
    private const string Lookalikes = "аaеeоoрpсcхxуyіiјjѕsкkмmтtнhвbԁdɡgӏlո" + "nɑaοoνvιiαaρpτtκkυuıiⲟoⅼlǀlʟlАAВBЕEКKМMНHОOРPСCТTХXІIЅSЈJΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";

    /// <summary>Typographic dashes, quotes and spaces as ASCII has them: they change no name.</summary>
    public static string PlainPunctuation(string name)
    {
        if (Ascii.IsValid(name)) return name;
        return string.Create(name.Length, name, static (plain, name) =>
        {
            for (var i = 0; i < name.Length; i++)
            {
                plain[i] = name[i] switch
                {
                    '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' => '-',
                    '\u2018' or '\u2019' => '\'',
                    '\u201c' or '\u201d' => '"',
                    '\u00a0' => ' ',
                    var other => other,
                };
            }
        });
    }

    /// <summary>Lower-case words without dashes and quotes; brackets, commas and slashes are words of their own. A link is one word, in brackets.</summary>
    public static List<string> Split(string name)
    {
        var words = new List<string>();
        foreach (var part in name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith('#')) break; // a comment of the card's template
            var bare = part.Trim('(', ')', '[', ']', '<', '>', ',', ';', '"', '\'');
            if (bare.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || bare.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) words.AddRange("(", bare, ")");
            else AddWords(part.ToLowerInvariant(), words);
        }
        return words;
    }

    /// <summary>The words that tell one licence from another: <c>apache2.0</c>, <c>Apache License, Version 2</c> and <c>apache-2.0</c> all mean "apache 2".</summary>
    public static string Meaning(IReadOnlyList<string> words)
    {
        var meaning = new StringBuilder();
        foreach (var word in words)
        {
            if (Fillers.Contains(word) || word is ",") continue;
            var digit = word.AsSpan().IndexOfAnyInRange('0', '9');
            if (digit > 0 && word.AsSpan(0, digit).IndexOfAnyExceptInRange('a', 'z') < 0)
            {
                var letters = word[..digit];
                Append(meaning, letters is "v" ? "" : letters is [.. { Length: > 1 } family, 'v'] ? family : letters);
                Append(meaning, Number(word[digit..]));
            }
            else Append(meaning, digit is 0 ? Number(word) : word);
        }
        return meaning.ToString();
    }

    /// <summary>What a reader sees: look-alike letters as Latin ones, invisible characters left out.</summary>
    public static string Skeleton(string name)
    {
        var seen = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes()) // a lone surrogate comes as U+FFFD
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark) continue;
            var at = rune.IsBmp ? Lookalikes.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
            if (at >= 0 && at % 2 is 0) seen.Append(Lookalikes[at + 1]);
            else seen.Append(rune.ToString());
        }
        return seen.ToString().Normalize(NormalizationForm.FormKC);
    }

    private static void AddWords(string part, List<string> words)
    {
        var start = 0;
        for (var i = 0; i <= part.Length; i++)
        {
            if (i < part.Length && part[i] is not ('-' or '_' or '"' or '\'' or '`' or ':' or '(' or ')' or '[' or ']' or '{' or '}' or ',' or ';' or '/' or '&' or '|')) continue;
            var word = part[start..i].TrimEnd('.');
            if (word.Length > 0) words.Add(word);
            if (i < part.Length && part[i] is not ('-' or '_' or '"' or '\'' or '`' or ':')) words.Add(Mark(part[i]));
            start = i + 1;
        }
    }

    private static string Mark(char mark) => mark switch
    {
        '(' or '[' or '{' => "(",
        ')' or ']' or '}' => ")",
        ';' => ",",
        _ => mark.ToString(),
    };

    private static string Number(string word) => word.EndsWith(".0", StringComparison.Ordinal) ? word[..^2] : word;

    private static void Append(StringBuilder words, string word)
    {
        if (word.Length is 0) return;
        if (words.Length > 0) words.Append(' ');
        words.Append(word);
    }
}
