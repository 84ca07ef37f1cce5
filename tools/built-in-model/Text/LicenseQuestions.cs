using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>Questions after a licence as a whole: what it is, what it makes of a model, its duties, how it differs from another.</summary>
internal static class LicenseQuestions
{
    private static readonly string[] About =
    [
        "what {is|does} {L}{| mean| say| allow and demand| do| stand for}", "{explain|describe|summarise|summarize|tell me about} {L}", "what kind of {licence|license} is {L}", "{L}",
        "can you {explain|describe|summarise} {L}{| to me| for me}", "{L} in {short|a nutshell|a few words|simple words}", "what should I know about {L}", "{give me|I need} {a summary|an overview} of {L}",
        "what type of {licence|license} is {L}", "how {open|free|permissive|restrictive|strict} is {L}",
    ];

    private static readonly string[] Classes =
    [
        "{is|are} {things} {open source|open-source|really open|truly open source|open}", "is {L} {open source|an open source licence|an open source license|really open source|truly open}",
        "what {class|openness class|openness} {has|does} {things}{| have| get}", "{does|do} {things} count as {open source|open-source|open|open weights}",
        "is {a-model} {under} {L} {open source or open weights|open weights or open source|only open weights|just open weights}", "can {a-model} {under} {L} be {open source|called open source}",
        "why {is|are} {things} {not |}open source", "{would|do} you call {things} open source", "does {L} make a model open source",
    ];

    private static readonly string[] Duties =
    [
        "what {must I do|do I have to do|are my duties|are my obligations|are the conditions|do I owe|conditions apply|obligations do I have} {when I share|when I redistribute|if I publish|if I pass on|to share|when I ship} {things}",
        "what {duties|obligations|conditions|requirements} {does {L} have|does {L} impose|come with {L}|are there under {L}}", "what does {L} {require|demand|ask of me|oblige me to do|want from me}", "{L} {requirements|obligations|conditions|duties}",
        "how do I comply with {L}", "what do I have to {keep in mind|observe|respect|pay attention to} {under|with} {L}",
    ];

    private static readonly string[] Osi =
    [
        "is {L} {OSI approved|OSI-approved|approved by the OSI|on the OSI list|accepted by the Open Source Initiative|recognised by the OSI}", "{has|did} the {OSI|Open Source Initiative} {approved|approve|accepted} {L}", "does the {OSI|Open Source Initiative} {approve|accept|list} {L}",
    ];

    private static readonly string[] Services =
    [
        "{may} {offer|run|host|provide|deploy|serve|make available} {things} {as a service|behind an API|as an API|as SaaS|on the web for others|as a hosted service|in the cloud for customers|to the public over the internet|as a chatbot on my website}",
        "{does} {L} {allow|permit} {hosting|offering a service|SaaS|an API service|running a chatbot for others|serving the model to others|hosting it for others}", "is {hosting|a hosted service|a public API|SaaS} {ok|allowed|permitted|fine} {under|with} {L}",
        "may {a cloud provider|a hosting company|a startup} {host|serve|offer} {things} {for others|as a service|to customers}",
    ];

    private static readonly (string Word, string Predicate, Func<License, bool> Holds)[] Kinds =
    [
        ("{permissive|a permissive licence|a permissive license}", "a permissive licence", license => license.Family is "permissive" or "public-domain"),
        ("{a RAIL licence|a responsible AI licence|RAIL|a RAIL license}", "a RAIL licence", license => license.Family is "rail"),
        ("{a community licence|a vendor licence|a custom licence|a community license}", "a community licence", license => license.Family is "community"),
        ("{a research licence|research only|for research only|a research-only license}", "a research licence", license => license.Family is "research-only"),
        ("{public domain|a public domain dedication|in the public domain}", "a public domain dedication", license => license.Family is "public-domain"),
    ];

    private static readonly string[] Pairs =
    [
        "what is the difference between {L} and {M}", "what's the difference between {L} and {M}", "how {does|do} {L} and {M} differ", "how {does|is} {L} {differ|different} from {M}", "{L} {vs|versus|vs.|or|compared with|compared to|and} {M}", "compare {L} {and|with|to} {M}",
        "{L} or {M}: {which is stricter|which is freer|which is more permissive|which is laxer|what is better|which should I take}", "which is {stricter|freer|more permissive|more open|more restrictive|laxer}, {L} or {M}",
        "is {L} {stricter|freer|more permissive|laxer|more restrictive|more open} than {M}", "what sets {L} apart from {M}", "{explain|tell me} {how {L} differs from {M}|the difference between {L} and {M}|the differences of {L} and {M}}",
    ];

    public static Exchange What(SpokenLicense license, Random random, string? name = null) => new(Ask(About, license, random, name), Exchange.Sentence($"{license.Name} is {license.Kind}. {Commerce(license)} {DutyList(license, 3)}"));

    public static Exchange Class(SpokenLicense license, Random random, string? name = null) => new(Ask(Classes, license, random, name), Exchange.Sentence(license.License.Class switch
    {
        LicenseClass.Open => $"it can be: {license.Name} limits nobody, so a model under it is open source if its training data are described and its code is published.",
        LicenseClass.UseRestricted => $"it can be: {license.Name} limits uses, not who may use the model, and the default lens lets that pass. Training data and code count too.",
        LicenseClass.LicenseeRestricted => $"no, {license.Name} limits who may use the model, so a model under it is open weights, not open source.",
        LicenseClass.NonCommercial => $"no, {license.Name} does not allow commercial use, so a model under it is open weights, not open source.",
        _ => $"no, {license.Name} reserves rights that open models give, so a model under it is open weights, not open source.",
    }));

    public static Exchange Duty(SpokenLicense license, Random random, string? name = null) => new(Ask(Duties, license, random, name), Exchange.Sentence($"under {license.Name} {DutyList(license, 5)}"));

    public static Exchange Approval(SpokenLicense license, Random random, string? name = null) => new(Ask(Osi, license, random, name), license.License.OsiApproved switch
    {
        true => $"Yes, {license.Name} is approved by the OSI.",
        false => $"No, {license.Name} is not approved by the OSI.",
        null => $"That depends on the version of {license.Name}.",
    });

    public static Exchange KindOf(SpokenLicense license, Random random, string? name = null)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        if (random.Next(2) == 0) kind = Kinds.Where(kind => kind.Holds(license.License)).DefaultIfEmpty(kind).First();
        var question = Ask([$"{{is|isn't|so is}} {{L}} {kind.Word}", $"would you call {{L}} {kind.Word}"], license, random, name);
        return new(question, kind.Holds(license.License) ? $"Yes, {license.Name} is {license.Kind}." : $"No, {license.Name} is not {kind.Predicate}: it is {license.Kind}.");
    }

    /// <summary>As the use check answers it for a model under the licence alone.</summary>
    public static Exchange Service(SpokenLicense license, Random random, string? name = null)
    {
        var answer = UseCheck.Answer(UseQuestion.OfferAsService, [new("", license.License)]);
        var reasons = answer.Reasons.Where(reason => reason.Outcome == answer.Outcome).Take(2).Select(reason => Exchange.Sentence(reason.Text));
        return new(Ask(Services, license, random, name), Exchange.Sentence(answer.Outcome switch
        {
            UseOutcome.Allowed => $"yes, {license.Name} allows you to offer the model as a service.",
            UseOutcome.AllowedWithDuties => $"yes, {license.Name} allows it with duties. {string.Join(' ', reasons)}",
            UseOutcome.NotAllowed => $"no, {license.Name} does not allow it. {string.Join(' ', reasons)}",
            _ => $"that is a question for counsel: {license.Name} does not settle it.",
        }));
    }

    public static Exchange Difference(SpokenLicense one, SpokenLicense other, Random random)
    {
        var question = Wording.Make(Pairs[random.Next(Pairs.Length)], random, new Dictionary<string, string?> { ["L"] = one.AnyName(random), ["M"] = other.AnyName(random) });
        var kinds = one.Kind == other.Kind ? $"{one.Name} and {other.Name} are both {one.Kind}." : $"{one.Name} is {one.Kind}; {other.Name} is {other.Kind}.";
        var parted = Differences.Where(difference => (one.Says(difference.Tag) is Answer.Yes) != (other.Says(difference.Tag) is Answer.Yes)
            && one.Says(difference.Tag) is Answer.Yes or Answer.No && other.Says(difference.Tag) is Answer.Yes or Answer.No).Take(2).ToList();
        var sentences = parted.Select(difference => one.Says(difference.Tag) is Answer.Yes ? $"Only {one.Name} {difference.Text}." : $"Only {other.Name} {difference.Text}.");
        return new(question, Exchange.Sentence(string.Join(' ', [kinds, .. sentences])));
    }

    private static readonly (FactTag Tag, string Text)[] Differences =
    [
        (FactTag.CommercialUse, "allows commercial use freely"),
        (FactTag.Modifications, "allows modified versions to be shared"),
        (FactTag.NetworkUse, "asks for the source in network use"),
        (FactTag.UserThreshold, "limits the number of users"),
        (FactTag.SameLicense, "asks for the same licence on derivatives"),
        (FactTag.PatentGrant, "grants a patent licence"),
        (FactTag.UseRestrictions, "restricts uses"),
        (FactTag.DiscloseSource, "asks for the source"),
        (FactTag.DocumentChanges, "asks you to state changes"),
        (FactTag.IncludeCopyright, "asks for notices"),
    ];

    private static string Ask(string[] patterns, SpokenLicense license, Random random, string? name) =>
        Wording.Make(patterns[random.Next(patterns.Length)], random, new Dictionary<string, string?> { ["L"] = name ?? license.AnyName(random) });

    private static string Commerce(SpokenLicense license) => license.Says(FactTag.CommercialUse) switch
    {
        Answer.Yes => "Commercial use is allowed.",
        Answer.No => "Commercial use is not allowed.",
        Answer.Conditional => "Commercial use is allowed on a condition.",
        _ => "Commercial use is not settled.",
    };

    /// <summary>The weightiest duties first.</summary>
    private static string DutyList(SpokenLicense license, int most)
    {
        bool Has(FactTag tag) => license.Says(tag) is Answer.Yes or Answer.Conditional;
        List<string> duties = [];
        if (Has(FactTag.SameLicense)) duties.Add("keep derivatives under the same licence");
        if (Has(FactTag.DiscloseSource)) duties.Add("offer the source");
        if (Has(FactTag.UseRestrictions) && license.License.Class != LicenseClass.NonCommercial) duties.Add("keep out of the forbidden uses");
        if (Has(FactTag.RestrictionsFlowDown)) duties.Add("pass the restrictions on");
        if (license.Says(FactTag.Naming) is Answer.Yes) duties.Add("show the name");
        if (license.Says(FactTag.Modifications) is Answer.No) duties.Add("share no changed versions");
        if (Has(FactTag.IncludeCopyright)) duties.Add("include licence and notices");
        if (Has(FactTag.DocumentChanges)) duties.Add("state your changes");
        duties = [.. duties.Take(most)];
        return duties switch
        {
            [] => "it asks for nothing.",
            [var only] => $"you must {only}.",
            _ => $"you must {string.Join(", ", duties[..^1])} and {duties[^1]}.",
        } is var sentence && most == 3 ? Exchange.Sentence(sentence) : sentence;
    }
}
