using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Tells whom a sentence is about: cards of a family speak of its other members too.</summary>
internal static partial class CardSubject
{
    /// <summary>
    /// True for a sentence that begins with the name of a relative: it shares a word with this model's name and has one that this model does not bear
    /// ("X-R1-Distill-7B is derived from …" on the card of X-R1). "X-7B" on the card of X-7B-chat is taken for the model itself.
    /// </summary>
    public static bool IsRelative(string text, string ownId)
    {
        if (Subject().Match(text) is not { Success: true } named || !HasVerb().IsMatch(text)) return false;
        var own = Words(ownId);
        var subject = Words(Version().Replace(named.Groups["name"].Value, ""));
        return subject.Any(word => word.Length > 2 && char.IsLetter(word[0]) && own.Contains(word)) && !subject.IsSubsetOf(own);
    }

    private static HashSet<string> Words(string name)
    {
        var words = Word().Matches(name[(name.LastIndexOf('/') + 1)..]).Select(word => word.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        words.ExceptWith(["v", "hf", "model", "base"]);
        return words;
    }

    [GeneratedRegex(@"^[^\p{L}\d]*((the|our|this)\s+)?(?<name>[A-Za-z][\w.+]*(?:[-_][\w.+]+)+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Subject();

    [GeneratedRegex(@"[-_]v\d[\w.]*$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"\b(is|are|was|were|has|have|been|built|trained|tuned|derived)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HasVerb();

    /// <summary>Letters and digits apart, so that "V1.1" and "v1" share a word; other scripts are decoration ("-β").</summary>
    [GeneratedRegex(@"[A-Za-z]+|\d+[A-Za-z]?", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
