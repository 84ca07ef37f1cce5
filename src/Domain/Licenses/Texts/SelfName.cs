using System.Collections.Frozen;
using ModelAtlas.Domain.Licenses.Names;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>What a text calls itself in its first lines.</summary>
internal static class SelfName
{
    private const int Lines = 8;
    private const int MostWords = 16;
    private const int FewestWords = 2;

    // A heading says little but the name; a line of prose that mentions a licence is none.
    private const double LeastShare = 0.6;

    private static readonly FrozenSet<string> Families = FrozenSet.ToFrozenSet(["openrail", "bsd", "cc", "gpl", "lgpl", "unknown", "other", "proprietary"], StringComparer.Ordinal);

    /// <summary>Whether a heading names another licence than the known text and its own heading do.</summary>
    public static bool Contradicts(KnownText known, IReadOnlySet<string> names) => names.Count > 0 && !names.Contains(known.Id) && !names.Overlaps(known.CallsItself);

    /// <summary>Every licence that the heading names.</summary>
    public static HashSet<string> All(string text)
    {
        var lines = new List<List<string>>();
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var words = NameWords.Split(NameWords.PlainPunctuation(text[range]).Trim(' ', '\t', '\r', '#', '*', '=', '-', '/', '>', '_', '.'));
            if (words.Count is 0) continue;
            lines.Add(words);
            if (lines.Count == Lines) break;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Count > MostWords) continue;
            var heading = i + 1 < lines.Count && lines[i + 1].Count <= MostWords ? lines[i].Concat(lines[i + 1]).ToList() : lines[i];
            if (Longest(heading, lines[i].Count) is { } name) names.UnionWith(name.Licenses.Select(license => license.Id));
        }
        names.ExceptWith(Families);
        return names;
    }

    /// <summary>The name that takes most words, starting in the first line; it may run on into the next.</summary>
    private static LicenseName? Longest(List<string> words, int starts)
    {
        for (var length = Math.Min(words.Count, MostWords); length >= FewestWords; length--)
        {
            for (var from = 0; from < starts && from + length <= words.Count; from++)
            {
                var inFirst = Math.Min(starts, from + length) - from;
                var span = words.GetRange(from, length);
                if (inFirst >= LeastShare * starts && NameWords.Meaning(span).Length > 0 && LicenseDesk.Named(span) is { } name) return name;
            }
        }
        return null;
    }
}
