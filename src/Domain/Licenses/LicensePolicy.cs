namespace ModelAtlas.Domain.Licenses;

/// <summary>Which licences an organisation takes. Rules are ids of <see cref="FactTag"/> (the term is there), the same with <c>!</c> (what it permits is not permitted), or ids of licences.</summary>
/// <param name="Deny">One that holds: not to be used.</param>
/// <param name="Review">One that holds, and anything nobody has read: for a person to decide.</param>
public sealed record LicensePolicy(string Name, IReadOnlyList<string> Deny, IReadOnlyList<string> Review)
{
    /// <summary>What a company can use without asking its lawyers.</summary>
    public static LicensePolicy Company { get; } = new(
        "Safe for company use",
        ["!commercial-use", "non-commercial", "research-only"],
        ["!modifications", "!distribution", "user-threshold", "revenue-threshold", "use-restrictions", "territory", "network-use-disclose", "licensor-may-change"]);

    public static bool IsRule(string rule) => FactTag.Find(rule.TrimStart('!')) is not null || LicenseDesk.Find(rule) is not null;

    /// <param name="license">Null when none is known.</param>
    /// <param name="conflict">Whether sources disagree about it.</param>
    public PolicyVerdict Judge(License? license, bool conflict = false)
    {
        if (license is null or { Class: LicenseClass.Unknown } or { FactsSource: null }) return new(PolicyOutcome.Review, ["nobody here has read its licence"]);
        if (Deny.Where(rule => Holds(rule, license) == Answer.Yes).Select(rule => Words(rule, license)).ToList() is [_, ..] denied) return new(PolicyOutcome.Denied, denied);
        List<string> open = [.. Deny.Concat(Review).Where(rule => Holds(rule, license) is not Answer.No).Select(rule => Words(rule, license))];
        if (conflict) open.Add("sources disagree about its licence");
        return new(open is [] ? PolicyOutcome.Allowed : PolicyOutcome.Review, open);
    }

    /// <summary>A right that the text does not settle may be missing; a term that it does not have is not there.</summary>
    private static Answer Holds(string rule, License license)
    {
        if (rule == license.Id) return Answer.Yes;
        if (FactTag.Find(rule.TrimStart('!')) is not { } tag) return Answer.No;
        var answer = license.Fact(tag).Answer;
        return !rule.StartsWith('!') ? answer ?? Answer.No : answer switch { Answer.Yes or Answer.Conditional => Answer.No, Answer.No => Answer.Yes, _ => Answer.Conditional };
    }

    private static string Words(string rule, License license) => rule == license.Id ? license.Name
        : FactTag.Find(rule.TrimStart('!')) is { } tag ? rule.StartsWith('!') ? $"not permitted: {tag.Label.ToLowerInvariant()}" : tag.Label.ToLowerInvariant() : rule;
}

public enum PolicyOutcome
{
    Allowed = 1,
    Review = 2,
    Denied = 3,
}

/// <param name="Reasons">What stands in the way; nothing where it is allowed.</param>
public sealed record PolicyVerdict(PolicyOutcome Outcome, IReadOnlyList<string> Reasons);
