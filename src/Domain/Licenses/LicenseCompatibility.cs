namespace ModelAtlas.Domain.Licenses;

public enum CompatibilityKind
{
    /// <summary>Something the child must do for the base.</summary>
    Duty,

    /// <summary>The child promises or drops what the base does not allow it to.</summary>
    Conflict,

    /// <summary>One of the two is not known well enough.</summary>
    Unknown,
}

/// <param name="Clause">Where the base's licence says so.</param>
public sealed record CompatibilityFinding(CompatibilityKind Kind, FactTag? Tag, string Text, string? Clause);

/// <summary>May a model under one licence stand on a base under another, and what must it do then? May two bases under different licences be merged?</summary>
public static class LicenseCompatibility
{
    // Licences whose share-alike clause another one satisfies, by their own text.
    private static readonly Dictionary<string, string[]> Accepts = new(StringComparer.Ordinal)
    {
        ["gpl"] = ["gpl-2.0", "gpl-3.0", "agpl-3.0"],
        ["gpl-2.0"] = ["gpl"],
        ["gpl-3.0"] = ["gpl", "agpl-3.0"],
        ["lgpl"] = ["lgpl-2.1", "lgpl-3.0", "gpl", "gpl-2.0", "gpl-3.0"],
        ["lgpl-2.1"] = ["lgpl", "lgpl-3.0", "gpl", "gpl-2.0", "gpl-3.0"],
        ["lgpl-3.0"] = ["lgpl", "gpl", "gpl-3.0", "agpl-3.0"],
        ["cc-by-sa-3.0"] = ["cc-by-sa-4.0"],
        ["cc-by-sa-4.0"] = ["gpl-3.0"],
        ["cc-by-nc-sa-2.0"] = ["cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"],
        ["cc-by-nc-sa-3.0"] = ["cc-by-nc-sa-4.0"],
        ["eupl-1.1"] = ["eupl-1.2", "gpl-2.0", "osl-3.0", "epl-1.0"],
        ["eupl-1.2"] = ["gpl-2.0", "gpl-3.0", "agpl-3.0", "osl-3.0", "epl-1.0", "mpl-2.0", "lgpl-2.1", "lgpl-3.0", "cc-by-sa-3.0"],
    };

    /// <summary>Limits that a child may add to but not leave out.</summary>
    private static readonly (FactTag Tag, string Dropped)[] Limits =
    [
        (FactTag.NonCommercial, "allows commercial use, the base does not"),
        (FactTag.ResearchOnly, "is not bound to research, the base is"),
        (FactTag.UserThreshold, "drops the base's limit of users"),
        (FactTag.RevenueThreshold, "drops the base's limit of revenue"),
        (FactTag.Territory, "drops the base's limit of territory"),
    ];

    private static readonly (FactTag Tag, string Duty)[] Duties =
    [
        (FactTag.IncludeCopyright, "Licence and notices of the base go along"),
        (FactTag.DocumentChanges, "The changes are stated"),
        (FactTag.Naming, "The base's name is shown"),
        (FactTag.DiscloseSource, "The source is offered"),
        (FactTag.RestrictionsFlowDown, "The base's restrictions are passed on"),
    ];

    public static IReadOnlyList<CompatibilityFinding> Check(License child, License @base)
    {
        if (child.Class is LicenseClass.Unknown || @base.Class is LicenseClass.Unknown || child.FactsSource is null || @base.FactsSource is null)
        {
            return [new(CompatibilityKind.Unknown, null, $"Whether a model under {child.Name} may stand on one under {@base.Name} is not known.", null)];
        }
        return child.Id == @base.Id ? [.. DutiesOf(@base)] : [.. Forbidden(@base), .. Dropped(child, @base), .. Terms(child, @base), .. DutiesOf(@base)];
    }

    /// <summary>Two bases of one merge: each conflict is one that no licence of the merged model can settle.</summary>
    public static IReadOnlyList<CompatibilityFinding> CheckMerge(License one, License other)
    {
        if (one.Id == other.Id) return [];
        if (one.Class is LicenseClass.Unknown || other.Class is LicenseClass.Unknown)
        {
            return [new(CompatibilityKind.Unknown, null, $"Whether parts under {one.Name} and {other.Name} may be merged is not known.", null)];
        }
        return [.. Clash(one, other), .. Clash(other, one)];
    }

    private static IEnumerable<CompatibilityFinding> Forbidden(License @base)
    {
        if (@base.Fact(FactTag.Modifications) is { Answer: Answer.No } changes) yield return new(CompatibilityKind.Conflict, changes.Tag, $"{@base.Name} allows no derived models to be passed on.", changes.Clause);
        if (@base.Fact(FactTag.Distribution) is { Answer: Answer.No } sharing) yield return new(CompatibilityKind.Conflict, sharing.Tag, $"{@base.Name} allows nothing to be passed on.", sharing.Clause);
    }

    private static IEnumerable<CompatibilityFinding> Dropped(License child, License @base) => Limits
        .Where(limit => @base.Fact(limit.Tag).Answer is Answer.Yes && child.Fact(limit.Tag).Answer is not (Answer.Yes or Answer.Conditional) && !Implied(limit.Tag, child))
        .Select(limit => new CompatibilityFinding(CompatibilityKind.Conflict, limit.Tag, $"{child.Name} {limit.Dropped} ({@base.Name}).", @base.Fact(limit.Tag).Clause));

    /// <summary>Who may not use it commercially at all meets no limit of users or revenue.</summary>
    private static bool Implied(FactTag limit, License child) =>
        limit != FactTag.NonCommercial && limit != FactTag.Territory && child.Fact(FactTag.NonCommercial).Answer is Answer.Yes;

    private static IEnumerable<CompatibilityFinding> Terms(License child, License @base)
    {
        var restrictions = @base.Fact(FactTag.RestrictionsFlowDown);
        if (restrictions.Answer is Answer.Yes && child.Fact(FactTag.UseRestrictions).Answer is Answer.No or null)
        {
            yield return new(CompatibilityKind.Conflict, restrictions.Tag, $"{child.Name} does not pass on the use restrictions of {@base.Name}.", restrictions.Clause);
        }
        var same = @base.Fact(FactTag.SameLicense);
        var keep = @base.Fact(FactTag.DerivativesKeepTerms);
        if (same.Answer is Answer.Yes && !Satisfies(child, @base)) yield return new(CompatibilityKind.Conflict, same.Tag, $"{@base.Name} asks for the same licence on derived models; {child.Name} is another.", same.Clause);
        else if (keep.Answer is Answer.Yes && !Satisfies(child, @base))
        {
            var laxer = LicenseClass.Strictness(child.Class) < LicenseClass.Strictness(@base.Class);
            yield return new(laxer ? CompatibilityKind.Conflict : CompatibilityKind.Duty, keep.Tag, laxer ? $"{@base.Name} must stay on derived models; {child.Name} promises more." : $"{@base.Name} stays on what came from the base.", keep.Clause);
        }
        else if (keep.Answer is Answer.Conditional) yield return new(CompatibilityKind.Duty, keep.Tag, $"{@base.Name} stays in part: {keep.Note ?? "see the clause"}.", keep.Clause);
        var training = @base.Fact(FactTag.OutputTraining);
        if (training.Answer is Answer.No && child.Fact(FactTag.OutputTraining).Answer is Answer.Yes)
        {
            yield return new(CompatibilityKind.Conflict, training.Tag, $"{child.Name} leaves outputs free for training, {@base.Name} does not.", training.Clause);
        }
    }

    private static IEnumerable<CompatibilityFinding> DutiesOf(License @base) => Duties
        .Where(duty => @base.Fact(duty.Tag).Answer is Answer.Yes or Answer.Conditional)
        .Select(duty => new CompatibilityFinding(CompatibilityKind.Duty, duty.Tag, @base.Fact(duty.Tag).Note is { } note ? $"{duty.Duty}: {note}." : duty.Duty + ".", @base.Fact(duty.Tag).Clause));

    private static IEnumerable<CompatibilityFinding> Clash(License demanding, License other)
    {
        if (demanding.Fact(FactTag.SameLicense) is not { Answer: Answer.Yes } same || Satisfies(other, demanding) || Satisfies(demanding, other)) yield break;
        if (other.Fact(FactTag.SameLicense).Answer is Answer.Yes || other.Fact(FactTag.DerivativesKeepTerms).Answer is Answer.Yes)
        {
            yield return new(CompatibilityKind.Conflict, same.Tag, $"{demanding.Name} and {other.Name} each demand to stay on the merged model.", same.Clause);
        }
        else if (other.Class is not LicenseClass.Open && demanding.Class is LicenseClass.Open)
        {
            yield return new(CompatibilityKind.Conflict, same.Tag, $"{demanding.Name} allows no further restrictions; {other.Name} has some.", same.Clause);
        }
    }

    private static bool Satisfies(License child, License @base) => child.Id == @base.Id || (Accepts.TryGetValue(@base.Id, out var accepted) && accepted.Contains(child.Id));
}
