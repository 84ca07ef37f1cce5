namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>What a clause is about, told by its words. Named when a clause is missing or changed.</summary>
[Flags]
internal enum Topics
{
    None = 0,
    Threshold = 1,
    NonCommercial = 2,
    Territory = 4,
    OutputTraining = 8,
    Naming = 16,
    UseRestrictions = 32,
    Attribution = 64,
    Redistribution = 128,
    Patent = 256,
    Trademark = 512,
    Warranty = 1024,
    Liability = 2048,
    Termination = 4096,
    GoverningLaw = 8192,
    Definitions = 16384,
    Payment = 32768,
}

internal static class TopicFinder
{
    private static readonly (Topics Topic, string[] Signs)[] Signs =
    [
        (Topics.Threshold, ["monthly active", "million", "billion", "annual revenue", "monthly revenue", "recurring revenue", "visits per month", "number of users"]),
        (Topics.NonCommercial, ["commercial", "production use", "production purposes", "research only", "research purposes", "academic", "personal use", "educational purposes", "evaluation"]),
        (Topics.Territory, ["territory", "european union", "united kingdom", "domiciled", "principal place of business", "located in", "south korea", "sanctioned", "resident"]),
        (Topics.OutputTraining, ["improve any other", "train other", "to train", "training other", "distill", "synthetic data", "improve an ai", "language model (excluding", "foundational generative"]),
        (Topics.Naming, ["built with", "built on", "powered by", "prominently display", "beginning of any", "is built using", "model name"]),
        (Topics.UseRestrictions, ["agree not to use", "acceptable use", "prohibited use", "use-based restrictions", "use restrictions", "restricted uses", "military", "will not use", "must not use", "may not use", "not be used"]),
        (Topics.Attribution, ["copyright notice", "attribution", "retain", "notice\" text", "prominent notices", "copy of this"]),
        (Topics.Redistribution, ["redistribut", "distribut", "third party", "third parties"]),
        (Topics.Patent, ["patent"]),
        (Topics.Trademark, ["trademark", "trade name", "endorse"]),
        (Topics.Warranty, ["warrant", "\"as is\"", "“as is”", "as-is"]),
        (Topics.Liability, ["liab", "damages", "indemnif"]),
        (Topics.Termination, ["terminat", "revoke"]),
        (Topics.GoverningLaw, ["governed by", "governing law", "jurisdiction", "courts"]),
        (Topics.Definitions, ["shall mean", "\" means", "” means", "refers to"]),
        (Topics.Payment, ["fee", "royalt", "payment"]),
    ];

    public static Topics Of(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var found = Topics.None;
        foreach (var (topic, signs) in Signs)
        {
            if (Array.Exists(signs, sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase))) found |= topic;
        }
        return found;
    }

    public static string Words(Topics topics) => string.Join(", ", Enum.GetValues<Topics>().Where(topic => topic is not Topics.None && topics.HasFlag(topic)).Select(Word));

    private static string Word(Topics topic) => topic switch
    {
        Topics.NonCommercial => "non-commercial",
        Topics.OutputTraining => "output training",
        Topics.UseRestrictions => "use restrictions",
        Topics.GoverningLaw => "governing law",
        _ => topic.ToString().ToLowerInvariant(),
    };
}
