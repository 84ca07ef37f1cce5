using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Licence statements about the model in a card's prose or gate text, and sentences that limit its use whatever the licence is called.</summary>
internal static partial class LicenseProse
{
    private const int MostStatements = 20;

    public static void Read(CardProse card, EvidenceNotes notes, bool declared)
    {
        List<string> seen = [];
        foreach (var statement in card.Statements)
        {
            if (seen.Count >= MostStatements) return;
            if (statement.Topic is CardTopic.Citation or CardTopic.Evaluation) continue;
            foreach (var clause in Clause().Split(statement.Text))
            {
                if (Limits(clause, declared) && !seen.Contains(LicenseClass.NonCommercial, StringComparer.Ordinal))
                {
                    seen.Add(LicenseClass.NonCommercial);
                    notes.Add(Axis.License, LicenseClass.NonCommercial, statement.Section, clause.Trim(), ReadBy.UseLimit, Strength.Claimed);
                }
                if (statement.Topic == CardTopic.Usage || Named(clause, statement) is not { } license || seen.Contains(license, StringComparer.Ordinal)) continue;
                seen.Add(license);
                notes.Add(Axis.License, license, statement.Section, clause.Trim(), ReadBy.LicenseProse, Strength.Claimed);
            }
        }
    }

    /// <summary>The words "research only" are a licence's where no other is declared; beside a declared one they are often no more than advice.</summary>
    private static bool Limits(string clause, bool declared) =>
        (Forbidden().IsMatch(clause) || (!declared && ResearchOnly().IsMatch(clause))) && !AboutSomethingElse().IsMatch(clause) && !Conditional().IsMatch(clause);

    private static string? Named(string clause, CardStatement statement)
    {
        var labelled = Labelled().Match(clause);
        if (!labelled.Success && (!AboutTheModel().IsMatch(clause) || OfCodeOrData().IsMatch(clause))) return null;
        if (labelled.Success && In(clause[(labelled.Index + labelled.Length)..]) is { } value) return value;
        if (!labelled.Success && !Under().IsMatch(clause)) return null;
        foreach (Match under in Under().Matches(clause))
        {
            if (In(clause[(under.Index + under.Length)..]) is { } id) return id;
        }
        foreach (var link in statement.Links)
        {
            if (!clause.Contains(link.Text, StringComparison.Ordinal) || OfCodeOrData().IsMatch(link.Text)) continue;
            if ((Known(link.Text) ?? Known(link.Url)) is { } id) return id;
        }
        return null;
    }

    /// <summary>The licence at the start of some words. "A and B" is both or, when one of them is a licence that nobody knows, neither.</summary>
    private static string? In(string words)
    {
        var phrase = UsePolicy().Replace(Bracket().Split(words, 2)[0], "");
        if (Known(phrase) is { } whole) return whole;
        var ending = Ending().Match(phrase);
        return !ending.Success || AnotherLicense().IsMatch(phrase.AsSpan(ending.Index)) ? null : Known(phrase[..ending.Index]);
    }

    private static string? Known(string words)
    {
        var name = words.Trim(' ', '.', '*', ':', '"', '\'', '(', ')', '《', '》');
        if (name.Length is 0 or > 200 || NoName().IsMatch(name)) return null;
        var found = LicenseDesk.Resolve(name);
        if (found.Match is NameMatch.Known) return IsNamed(name, found.Licenses[0]) ? found.Licenses[0].Id : null;
        return found is { Match: NameMatch.Combined, Note: null } ? found.Expression : null;
    }

    /// <summary>"Compatible with Llama" names a model; only "the Llama license" names the licence that goes by the same word.</summary>
    private static bool IsNamed(string words, License license) =>
        license.Family is not ("unknown" or "proprietary")
        && (license.Family is not ("community" or "research-only" or "non-commercial") || license.SpdxId is not null || AnotherLicense().IsMatch(words) || words.Contains("license", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"[;；。]|,?\s+(?:while|whereas|but)\s+|,\s+and\s+(?:the|its|our)\s+|(?<=[.!?])\s+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Clause();

    [GeneratedRegex(@"^\W*(model )?licen[cs]e( of the (model|weights))?\s*(\([^)]{0,40}\))?\s*[:：|]\s*", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"\b(under|by|with|subject to|comply with|follows?|adhere(nce)? to|agree to|terms of)\s+(the |an? |our |its )?", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Under();

    /// <summary>"Model License" is what many makers call their own; only as the exact value of a field may it mean one of them.</summary>
    [GeneratedRegex(@"^((the|our|this|a|an|model|custom|community|following|same|open|source|permissive|licen[cs]es?|agreement|terms|of|use|txt|md)(?![a-z])[\s._-]*)+$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex NoName();

    [GeneratedRegex(@"\s*[,;:()\[\]|]|\.(\s|$)", RegexOptions.None, 1000)]
    private static partial Regex Bracket();

    [GeneratedRegex(@"\s*(and|&|\+|as well as)\s+(the |its |our )?(acceptable|prohibited)?[\s-]*use policy.*$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex UsePolicy();

    [GeneratedRegex(@"\b(licen[cs]e|agreement|terms|rail)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex AnotherLicense();

    [GeneratedRegex(@"\s*(?:\b(?:which|that|so|as|and|for|in|from|since|allowing|see|with|without|meaning)\b)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Ending();

    [GeneratedRegex(@"\b(models?|weights?|checkpoints?|it|this|we|released?|is|are|parameters|licensed|you)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex AboutTheModel();

    [GeneratedRegex(@"\b(codes?|codebase|source|scripts?|repository|repo|toolkit|library|package|datasets?|data|corpus|corpora|benchmarks?|images?|documentation|base model|original model|originally (licensed|released|under)|llama \d? ?is licensed|tokeni[sz]er|paper)\b(?![^.]{0,80}\b(model|weights|checkpoints?)\b[^.]{0,40}\b(is|are|licensed|released|under)\b)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OfCodeOrData();

    [GeneratedRegex(@"\bcommercial (use|usage|uses|purposes?|applications?)\b[^.]{0,60}\b(not (be )?(allowed|permitted)|prohibited|forbidden|disallowed)\b|\bno(t| be)?\b[^.]{0,30}\b(used |allowed |permitted |available |licensed |intended )?for (any )?commercial (use|usage|purposes?|applications?)\b|\bno commercial use\b|\bnon-?commercial (use |usage |purposes? |research )*(only|licen[cs]e)\b|\bonly\b[^.]{0,30}\bnon-?commercial\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\b(research|academic|educational)( use| usage| purposes?)? only\b|\bonly (be used )?(for|intended for|available for)( academic| scientific)? research\b|\bresearch[- ]only\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ResearchOnly();

    [GeneratedRegex(@"\b(datasets?|corpus|corpora|benchmark|demo|api|images?)\b(?![^.]{0,80}\bmodels?\b)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex AboutSomethingElse();

    [GeneratedRegex(@"\b(if|unless|without|except|whether|consult|instead of|first was)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Conditional();
}
