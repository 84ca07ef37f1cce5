using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Licenses;

/// <summary>The words of the licence desk: in addresses, in the API and on pages.</summary>
internal static class LicenseWords
{
    public static readonly IReadOnlyList<(UseQuestion Use, string Id, string Label)> Uses =
    [
        (UseQuestion.RunInside, "run-inside", "Run it inside the company"),
        (UseQuestion.OfferAsService, "offer-as-service", "Offer it as a service"),
        (UseQuestion.ShipWeights, "ship-weights", "Ship the weights"),
        (UseQuestion.FineTuneAndPublish, "fine-tune-and-publish", "Fine-tune it and publish the result"),
        (UseQuestion.TrainOnOutputs, "train-on-outputs", "Train another model on its outputs"),
        (UseQuestion.UseAboveLimits, "use-above-limits", "Use it with very many users, much revenue, or in an excluded territory"),
    ];

    public static readonly IReadOnlyList<string> Families = [.. LicenseDesk.All.Select(license => license.Family).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public static string Label(this UseQuestion use) => Uses.First(known => known.Use == use).Label;
    public static string Id(this UseQuestion use) => Uses.First(known => known.Use == use).Id;

    public static UseQuestion? FindUse(string id) => Uses.Where(known => known.Id == id).Select(known => (UseQuestion?)known.Use).FirstOrDefault();

    public static string Label(this UseOutcome outcome) => outcome switch
    {
        UseOutcome.Allowed => "Allowed",
        UseOutcome.AllowedWithDuties => "Allowed with duties",
        UseOutcome.NotAllowed => "Not allowed",
        _ => "Ask counsel",
    };

    public static string Id(this UseOutcome outcome) => outcome switch
    {
        UseOutcome.Allowed => "allowed",
        UseOutcome.AllowedWithDuties => "allowed-with-duties",
        UseOutcome.NotAllowed => "not-allowed",
        _ => "ask-counsel",
    };

    public static string Label(this FactGroup group) => group switch
    {
        FactGroup.Permission => "Permissions",
        FactGroup.Condition => "Conditions",
        FactGroup.Limitation => "Limits",
        _ => "AI terms",
    };

    public static string Id(this FactGroup group) => group switch
    {
        FactGroup.Permission => "permission",
        FactGroup.Condition => "condition",
        FactGroup.Limitation => "limitation",
        _ => "ai-term",
    };

    public static string Label(this Answer? answer) => answer switch
    {
        Answer.Yes => "Yes",
        Answer.No => "No",
        Answer.Conditional => "Conditional",
        _ => "Not settled",
    };

    /// <summary>The word of the API; null where the text does not settle it.</summary>
    public static string? Id(this Answer? answer) => answer?.ToString().ToLowerInvariant();

    public static string Family(string family) => family is "rail" ? "RAIL" : char.ToUpperInvariant(family[0]) + family[1..].Replace('-', ' ');

    public static string YesOrNo(bool? value) => value switch { true => "Yes", false => "No", null => "Not known" };

    /// <summary>How well the facts are established: read in the text itself, taken from a table, or not read by anybody.</summary>
    public static Basis Basis(License license) => license.FactsSource switch
    {
        null => Domain.Catalog.Basis.NotEstablished,
        var source when source.StartsWith("reference licence table", StringComparison.Ordinal) => Domain.Catalog.Basis.Claimed,
        _ => Domain.Catalog.Basis.Evidenced,
    };

    public static int Settled(License license) => license.Facts.Count(fact => fact.Answer is not null);

    /// <summary>"Clause 3.1", or the heading as it stands; null where the text has none on the matter.</summary>
    public static string? Clause(string? clause) => clause switch
    {
        null or "no clause" => null,
        [>= '0' and <= '9', ..] => "clause " + clause,
        _ => clause,
    };
}
