using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>
/// Judges the words a copy may have of its own: a heading, a copyright notice, the name of a holder or project. A word that could be part of a term ("only", "commercial",
/// "shall") makes it no such thing.
/// </summary>
internal static class Fillers
{
    private const int LongestHeading = 60;
    private const int LongestNotice = 80;
    private const int LongestName = 15;

    private static readonly FrozenSet<uint> HeadingWords = Hashes(
        "license licensed licenses agreement the a of for and this is under text full file copy md txt spdx identifier version v copyright terms conditions use reproduction distribution end notice project software model model's " +
        "released available here follows below see public see following name weights repository code begin start page complete original english or later title official international inc llc ltd about content contents by at https");

    // Any of these may turn a name into a term.
    private static readonly FrozenSet<uint> OperativeWords = Hashes(
        "not no nor never only solely shall must may can cannot will would use used uses using user users usage commercial commercially noncommercial purpose purposes permit permits permitted permission permissions prohibit prohibits " +
        "prohibited prohibition restrict restricts restricted restriction restrictions forbid forbidden grant grants granted license licensed licensee licensees licensor sublicense require requires required provided except excluding " +
        "exclude excludes excluded unless without condition conditions conditional distribute distributed distribution redistribute redistribution modify modified modification modifications fee fees royalty royalties pay payment paid " +
        "revenue million billion threshold train training trained output outputs derivative derivatives allow allows allowed disallowed waive waived terminate terminated expire expires liable liability warranty military academic " +
        "evaluation educational personal nonprofit profit territory resident residents located consent written obtain contact request agree agrees agreement terms term if when " +
        "hereby subject limited limitation void copies copy share sell sold sale produce production hosted hosting display built derived");

    private static readonly uint Copyright = Word.HashOf("copyright");
    private static readonly uint Research = Word.HashOf("research");
    private static readonly uint For = Word.HashOf("for");
    private static readonly ConcurrentDictionary<string, FrozenSet<uint>> OwnNames = new(StringComparer.Ordinal);

    /// <summary>Nothing but ways to call the licence, what stands around a heading, and copyright notices.</summary>
    public static bool IsHeading(string id, WordedText text, int from, int to)
    {
        if (to - from > LongestHeading + LongestNotice) return false;
        var own = OwnNames.GetOrAdd(id, NamesOf);
        var heading = 0;
        for (var at = from; at < to; at++)
        {
            var word = text.Words[at];
            if (word.Hash == Copyright)
            {
                var end = EndOfLine(text, at, to);
                if (IsPlain(own, text, at, end))
                {
                    at = end - 1;
                    continue;
                }
            }
            if (!own.Contains(word.Hash) && !HeadingWords.Contains(word.Hash) && !(word.LooksLikeNumber && own.Contains(word.Hash))) return false;
            heading++;
        }
        return heading <= LongestHeading;
    }

    public static bool IsNotice(string id, WordedText text, int from, int to) => to - from <= LongestNotice && IsPlain(OwnNames.GetOrAdd(id, NamesOf), text, from, to);

    public static bool IsName(string id, WordedText text, int from, int to) => to - from <= LongestName && IsPlain(OwnNames.GetOrAdd(id, NamesOf), text, from, to);

    private static bool IsPlain(FrozenSet<uint> own, WordedText text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            var hash = text.Words[at].Hash;
            if (OperativeWords.Contains(hash) && !own.Contains(hash)) return false;
            if (hash == Research && at > from && text.Words[at - 1].Hash == For) return false;
        }
        return true;
    }

    private static int EndOfLine(WordedText text, int at, int to)
    {
        var end = text.Text.IndexOf('\n', text.Words[at].Start);
        if (end < 0) return to;
        while (at < to && text.Words[at].Start < end) at++;
        return at;
    }

    private static FrozenSet<uint> NamesOf(string id)
    {
        var license = LicenseDesk.Find(id);
        var names = license is null ? [id] : license.Aliases.Append(license.Id).Append(license.Name).Append(license.SpdxId ?? "");
        return names.SelectMany(name => WordReader.Read(name).Words).Select(word => word.Hash).ToFrozenSet();
    }

    private static FrozenSet<uint> Hashes(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Word.HashOf(word)).ToFrozenSet();
}
