namespace ModelAtlas.Domain.Licenses;

public enum FactGroup
{
    Permission,
    Condition,
    Limitation,
    AiTerm,
}

/// <summary>One question that is asked of every licence: the seventeen of choosealicense.com, then those that only AI licences raise.</summary>
public sealed record FactTag
{
    private static readonly List<FactTag> InOrder = [];

    public static readonly FactTag CommercialUse = new("commercial-use", FactGroup.Permission, "Commercial use");
    public static readonly FactTag Modifications = new("modifications", FactGroup.Permission, "Modification");
    public static readonly FactTag Distribution = new("distribution", FactGroup.Permission, "Distribution");
    public static readonly FactTag PrivateUse = new("private-use", FactGroup.Permission, "Private use");
    public static readonly FactTag PatentGrant = new("patent-use", FactGroup.Permission, "Patent licence");

    public static readonly FactTag IncludeCopyright = new("include-copyright", FactGroup.Condition, "Licence and copyright notice go along");
    public static readonly FactTag IncludeCopyrightWithSource = new("include-copyright--source", FactGroup.Condition, "Notice only with source, not with binaries");
    public static readonly FactTag DocumentChanges = new("document-changes", FactGroup.Condition, "State changes");
    public static readonly FactTag DiscloseSource = new("disclose-source", FactGroup.Condition, "Disclose source");
    public static readonly FactTag NetworkUse = new("network-use-disclose", FactGroup.Condition, "Network use counts as distribution of source");
    public static readonly FactTag SameLicense = new("same-license", FactGroup.Condition, "Derivatives under the same licence");
    public static readonly FactTag SameLicenseFile = new("same-license--file", FactGroup.Condition, "Same licence for changed files only");
    public static readonly FactTag SameLicenseLibrary = new("same-license--library", FactGroup.Condition, "Same licence for the library only");

    public static readonly FactTag TrademarkUse = new("trademark-use", FactGroup.Limitation, "No trademark rights");
    public static readonly FactTag Liability = new("liability", FactGroup.Limitation, "No liability");
    public static readonly FactTag PatentReserved = new("patent-reserved", FactGroup.Limitation, "No patent rights");
    public static readonly FactTag Warranty = new("warranty", FactGroup.Limitation, "No warranty");

    public static readonly FactTag UseRestrictions = new("use-restrictions", FactGroup.AiTerm, "List of forbidden uses");
    public static readonly FactTag RestrictionsFlowDown = new("restrictions-flow-down", FactGroup.AiTerm, "Restrictions must be passed on");
    public static readonly FactTag DerivativesKeepTerms = new("derivatives-keep-terms", FactGroup.AiTerm, "Derivatives must keep these terms");
    public static readonly FactTag UserThreshold = new("user-threshold", FactGroup.AiTerm, "Limit by number of users");
    public static readonly FactTag RevenueThreshold = new("revenue-threshold", FactGroup.AiTerm, "Limit by revenue");
    public static readonly FactTag NonCommercial = new("non-commercial", FactGroup.AiTerm, "Non-commercial only");
    public static readonly FactTag ResearchOnly = new("research-only", FactGroup.AiTerm, "Research only");
    public static readonly FactTag Naming = new("naming", FactGroup.AiTerm, "Naming or \"Built with\" duty");
    public static readonly FactTag OutputTraining = new("output-training", FactGroup.AiTerm, "Outputs may train other models");
    public static readonly FactTag Distillation = new("distillation-is-derivative", FactGroup.AiTerm, "Distilled models count as derivatives");
    public static readonly FactTag HostingIsDistribution = new("hosting-is-distribution", FactGroup.AiTerm, "Hosting counts as distribution");
    public static readonly FactTag Territory = new("territory", FactGroup.AiTerm, "Limited to some territories");
    public static readonly FactTag LicensorMayChange = new("licensor-may-change", FactGroup.AiTerm, "Licensor may change the terms");
    public static readonly FactTag Termination = new("termination", FactGroup.AiTerm, "Rights end on breach or at will");
    public static readonly FactTag Gate = new("gate", FactGroup.AiTerm, "Registration, acceptance or contact details first");
    public static readonly FactTag SeparateTerms = new("separate-terms", FactGroup.AiTerm, "Code, data or uses under terms of their own");

    private FactTag(string id, FactGroup group, string label)
    {
        (Id, Group, Label, Index) = (id, group, label, InOrder.Count);
        InOrder.Add(this);
    }

    public static IReadOnlyList<FactTag> All => InOrder;

    public string Id { get; }
    public FactGroup Group { get; }
    public string Label { get; }
    internal int Index { get; }

    public static FactTag? Find(string id) => InOrder.Find(tag => tag.Id == id);
}

public enum Answer
{
    No,
    Yes,
    Conditional,
}

/// <summary>One cell of the table of licence facts.</summary>
/// <param name="Answer">Null where the text does not settle it, or nobody has read it.</param>
/// <param name="Clause">Number or heading of the clause it rests on.</param>
/// <param name="Note">The condition, threshold or duty, in our own words.</param>
public sealed record LicenseFact(FactTag Tag, Answer? Answer, string? Clause, string? Note);
