namespace ModelAtlas.Domain.Licenses;

/// <summary>Answers "may I?" for a model and everything it was made from. Whatever is not known is a question for counsel, never a yes.</summary>
public static class UseCheck
{
    /// <param name="lineage">From the model to its root; the licence of each part binds.</param>
    public static IReadOnlyList<UseAnswer> All(IReadOnlyList<LineageLink> lineage) => [.. Enum.GetValues<UseQuestion>().Select(use => Answer(use, lineage))];

    public static UseAnswer Answer(UseQuestion use, IReadOnlyList<LineageLink> lineage)
    {
        var reasons = lineage.SelectMany(link => Reasons(use, link)).Concat(Clashes(use, lineage)).Distinct().OrderByDescending(reason => reason.Outcome).ToList();
        if (lineage.Count is 0) reasons.Add(new("", "", UseOutcome.AskCounsel, null, "Nothing is known about the model.", null));
        return new(use, reasons is [var strictest, ..] ? strictest.Outcome : UseOutcome.Allowed, reasons);
    }

    private static IEnumerable<UseReason> Reasons(UseQuestion use, LineageLink link)
    {
        if (link.License is not { } license) return [new(link.Subject, "", UseOutcome.AskCounsel, null, "No licence is known.", null)];
        if (license is { Class: LicenseClass.Unknown } or { FactsSource: null })
        {
            return [new(link.Subject, license.Name, UseOutcome.AskCounsel, null, $"What {license.Name} allows is not known here.", null)];
        }
        var facts = new UseFacts(link.Subject, license);
        return use switch
        {
            UseQuestion.RunInside => Running(facts),
            UseQuestion.OfferAsService => [.. Running(facts), .. Serving(facts)],
            UseQuestion.ShipWeights => [.. Running(facts), .. Shipping(facts)],
            UseQuestion.FineTuneAndPublish => [.. Changing(facts), .. Shipping(facts)],
            UseQuestion.TrainOnOutputs => Training(facts),
            _ => AboveLimits(facts),
        };
    }

    /// <summary>Parts that each demand to stay, or allow nothing to be added, cannot be passed on as one model. Whether they form one is for counsel.</summary>
    private static IEnumerable<UseReason> Clashes(UseQuestion use, IReadOnlyList<LineageLink> lineage)
    {
        if (use is not (UseQuestion.ShipWeights or UseQuestion.FineTuneAndPublish)) yield break;
        List<(string Subject, License License)> parts = [];
        foreach (var link in lineage)
        {
            if (link.License is { } license && parts.TrueForAll(part => part.License.Id != license.Id)) parts.Add((link.Subject, license));
        }
        for (var at = 1; at < parts.Count; at++)
        {
            foreach (var before in parts.Take(at))
            {
                foreach (var clash in LicenseCompatibility.CheckMerge(before.License, parts[at].License).Where(finding => finding.Kind is CompatibilityKind.Conflict))
                    yield return new($"{before.Subject}, {parts[at].Subject}", $"{before.License.Name}, {parts[at].License.Name}", UseOutcome.AskCounsel, clash.Tag, clash.Text, clash.Clause);
            }
        }
    }

    private static IEnumerable<UseReason> Running(UseFacts facts) =>
    [
        .. facts.Needs(FactTag.CommercialUse),
        .. facts.Needs(FactTag.PrivateUse),
        .. facts.Duty(FactTag.UseRestrictions, "Keep out of the forbidden uses"),
        .. facts.Duty(FactTag.UserThreshold, "Stay below the limit of users"),
        .. facts.Duty(FactTag.RevenueThreshold, "Stay below the limit of revenue"),
        .. facts.Duty(FactTag.Territory, "Stay in the licensed territory"),
        .. facts.Duty(FactTag.Gate, "Register or ask first"),
    ];

    private static IEnumerable<UseReason> Serving(UseFacts facts) =>
    [
        .. facts.Says(FactTag.HostingIsDistribution, Licenses.Answer.Yes) ? facts.Needs(FactTag.Distribution) : [],
        .. facts.Duty(FactTag.HostingIsDistribution, "Treat the service as distribution"),
        .. facts.Duty(FactTag.RestrictionsFlowDown, "Bind the users of the service to the restrictions"),
        .. facts.Duty(FactTag.NetworkUse, "Offer the source to the users of the service"),
        .. facts.Duty(FactTag.Naming, "Show the name"),
    ];

    private static IEnumerable<UseReason> Shipping(UseFacts facts) =>
    [
        .. facts.Needs(FactTag.Distribution),
        .. facts.Duty(FactTag.IncludeCopyright, "Include licence and notices"),
        .. facts.Duty(FactTag.DiscloseSource, "Offer the source"),
        .. facts.Duty(FactTag.SameLicense, "Keep it under the same licence"),
        .. facts.Duty(FactTag.RestrictionsFlowDown, "Pass the restrictions on"),
        .. facts.Duty(FactTag.Naming, "Show the name"),
    ];

    private static IEnumerable<UseReason> Changing(UseFacts facts) =>
    [
        .. facts.Needs(FactTag.Modifications),
        .. facts.Duty(FactTag.NonCommercial, "Publish for non-commercial purposes only"),
        .. facts.Duty(FactTag.ResearchOnly, "Publish for research only"),
        .. facts.Duty(FactTag.DocumentChanges, "State the changes"),
        .. facts.Duty(FactTag.DerivativesKeepTerms, "Keep these terms on the fine-tuned model"),
        .. facts.Duty(FactTag.UserThreshold, "The limit of users goes along"),
        .. facts.Duty(FactTag.RevenueThreshold, "The limit of revenue goes along"),
        .. facts.Duty(FactTag.Territory, "Stay in the licensed territory"),
        .. facts.Duty(FactTag.UseRestrictions, "Keep out of the forbidden uses"),
    ];

    private static IEnumerable<UseReason> Training(UseFacts facts) =>
    [
        .. facts.Needs(FactTag.CommercialUse),
        .. facts.Needs(FactTag.OutputTraining),
        .. facts.Duty(FactTag.Distillation, "A model so trained counts as a derivative and takes these terms"),
        .. facts.Duty(FactTag.UseRestrictions, "Keep out of the forbidden uses"),
    ];

    private static IEnumerable<UseReason> AboveLimits(UseFacts facts) =>
    [
        .. facts.Needs(FactTag.CommercialUse),
        .. facts.Bars(FactTag.UserThreshold, "Above the limit of users the licensor must agree first"),
        .. facts.Bars(FactTag.RevenueThreshold, "Above the limit of revenue the licensor must agree first"),
        .. facts.Bars(FactTag.Territory, "Outside the licensed territory there are no rights"),
    ];
}

/// <summary>Turns the facts of one licence into reasons.</summary>
internal sealed record UseFacts(string Subject, License License)
{
    public bool Says(FactTag tag, Answer answer) => License.Fact(tag).Answer == answer;

    /// <summary>A permission: yes is silence, a condition is a duty, no forbids, and what the text does not settle is for counsel.</summary>
    public IEnumerable<UseReason> Needs(FactTag tag) => License.Fact(tag).Answer switch
    {
        Answer.Yes => [],
        Answer.Conditional => [Reason(tag, UseOutcome.AllowedWithDuties, $"{tag.Label} under a condition")],
        Answer.No => [Reason(tag, UseOutcome.NotAllowed, $"{tag.Label} is not allowed")],
        _ => [Reason(tag, UseOutcome.AskCounsel, $"Whether it allows this is not settled ({tag.Label})")],
    };

    public IEnumerable<UseReason> Duty(FactTag tag, string text) =>
        License.Fact(tag).Answer is Answer.Yes or Answer.Conditional ? [Reason(tag, UseOutcome.AllowedWithDuties, text)] : [];

    public IEnumerable<UseReason> Bars(FactTag tag, string text) => License.Fact(tag).Answer switch
    {
        Answer.Yes => [Reason(tag, UseOutcome.NotAllowed, text)],
        Answer.Conditional => [Reason(tag, UseOutcome.AllowedWithDuties, "With what the licence asks then")],
        Answer.No => [],
        _ => [Reason(tag, UseOutcome.AskCounsel, $"Whether it sets a limit is not settled ({tag.Label})")],
    };

    private UseReason Reason(FactTag tag, UseOutcome outcome, string text)
    {
        var fact = License.Fact(tag);
        return new(Subject, License.Name, outcome, tag, fact.Note is { } note ? $"{text}: {note}." : text + ".", fact.Clause);
    }
}
