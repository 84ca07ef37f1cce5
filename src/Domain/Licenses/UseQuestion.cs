namespace ModelAtlas.Domain.Licenses;

/// <summary>What somebody wants to do with a model, in the course of business.</summary>
public enum UseQuestion
{
    RunInside = 1,
    OfferAsService = 2,
    ShipWeights = 3,
    FineTuneAndPublish = 4,
    TrainOnOutputs = 5,

    /// <summary>Use by somebody with very many users or much revenue, or in a territory that some licences leave out.</summary>
    UseAboveLimits = 6,
}

/// <summary>From the laxest to the strictest; the strictest of all parts governs.</summary>
public enum UseOutcome
{
    Allowed = 0,
    AllowedWithDuties = 1,
    AskCounsel = 2,
    NotAllowed = 3,
}

/// <summary>One link of a lineage: the model itself or a base of it.</summary>
/// <param name="Subject">The model, as the page names it.</param>
/// <param name="License">Null where none is known.</param>
public sealed record LineageLink(string Subject, License? License);

/// <summary>Why a use is allowed or not, or a duty that goes with it.</summary>
/// <param name="Clause">Where the licence says so.</param>
public sealed record UseReason(string Subject, string License, UseOutcome Outcome, FactTag? Tag, string Text, string? Clause);

/// <summary>The answer for one use over a whole lineage. It rests on licence facts and is no legal advice.</summary>
public sealed record UseAnswer(UseQuestion Use, UseOutcome Outcome, IReadOnlyList<UseReason> Reasons);
