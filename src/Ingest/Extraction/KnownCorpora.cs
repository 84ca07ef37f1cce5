using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Finds the names of published corpora in a sentence.</summary>
internal static partial class KnownCorpora
{
    private const int LongestName = 4;
    private static readonly FrozenSet<string> Names = WordLists.Lines("Corpora.txt").Where(line => line[0] != '=' && !IsAcronym(line)).Select(Key).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Acronyms = WordLists.Lines("Corpora.txt").Where(IsAcronym).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> CommonWords = WordLists.Lines("Corpora.txt").Where(line => line[0] == '=').Select(line => Key(line[1..])).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The names, as written, each once; longer names before the shorter ones inside them.</summary>
    public static List<string> In(string text)
    {
        var words = Word().Matches(text);
        List<string> found = [];
        for (var at = 0; at < words.Count;)
        {
            var length = Match(text, words, at);
            if (length == 0)
            {
                at++;
                continue;
            }
            var last = words[at + length - 1];
            var name = text[words[at].Index..(last.Index + last.Length)];
            if (!found.Contains(name, StringComparer.OrdinalIgnoreCase)) found.Add(name);
            at += length;
        }
        return found;
    }

    private static int Match(string text, MatchCollection words, int at)
    {
        for (var length = Math.Min(LongestName, words.Count - at); length > 0; length--)
        {
            var last = words[at + length - 1];
            var name = text.AsSpan(words[at].Index, last.Index + last.Length - words[at].Index);
            if (name.Length > 60 || name.IndexOfAny(",;|(") >= 0) continue;
            if (length == 1 && Acronyms.Contains(name.ToString())) return 1;
            var key = Key(name.ToString());
            if ((Names.Contains(key) && (length == 1 || IsWrittenAsName(words, at, length))) || (CommonWords.Contains(key) && char.IsUpper(name[0]))) return length;
        }
        return 0;
    }

    private static bool IsAcronym(string name) => name.All(char.IsAsciiLetterUpper);

    /// <summary>"Web Text" may be WebText; "web text" is not.</summary>
    private static bool IsWrittenAsName(MatchCollection words, int at, int length)
    {
        for (var word = at; word < at + length; word++)
        {
            if (char.IsLower(words[word].ValueSpan[0]) && words[word].ValueSpan is not ("of" or "and")) return false;
        }
        return true;
    }

    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(@"[\p{L}\p{Nd}][\p{L}\p{Nd}.'’/_-]*[\p{L}\p{Nd}!]|[\p{L}\p{Nd}]", RegexOptions.None, 2000)]
    private static partial Regex Word();
}
