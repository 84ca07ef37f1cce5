using ModelAtlas.Ingest.HuggingFace.Gateway;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>How many requests of one kind the hub still takes from this process.</summary>
/// <param name="Bucket">The hub's name for the kind, such as <c>api</c>.</param>
/// <param name="Left">Null where the hub has not said, or what it said is over.</param>
/// <param name="Quota">Of a window of five minutes; null where nobody has set one.</param>
/// <param name="Sent">By this process in its window of five minutes.</param>
/// <param name="BlockedUntil">The hub has asked to be left alone.</param>
public sealed record HubAllowance(string Bucket, int? Left, int? Quota, int Sent, DateTime? ResetsAt, DateTime? BlockedUntil);

/// <summary>What the gateway to the hub knows of its budget, for whoever reports it.</summary>
public sealed class HubAllowances
{
    private readonly HubBudget _budget;

    internal HubAllowances(HubBudget budget) => _budget = budget;

    public IReadOnlyList<HubAllowance> Read() => _budget.Read();
}
