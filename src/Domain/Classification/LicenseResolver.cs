using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>The licence that governs the weights and the items that say so.</summary>
internal sealed record LicenseDecision(LicenseFinding Finding, string? Name, IReadOnlyList<EvidenceItem> Decided)
{
    public static readonly LicenseDecision None = new(new([], null, null, LicenseClass.Unknown, null, []), null, []);

    public string Class => Finding.Class;
}

/// <summary>Weighs what tags, names, prose, files and bases say. Of several that disagree the stricter governs, and the disagreement is told.</summary>
internal static class LicenseResolver
{
    public static LicenseDecision Resolve(EvidenceSet found)
    {
        List<LicenseVoice>? voices = null;
        foreach (var item in found.Items)
        {
            if (item.Axis == Axis.License) (voices ??= []).Add(LicenseVoice.Of(item));
        }
        if (voices is null) return LicenseDecision.None;
        if (voices is [{ IsDeclared: true, Note: null } only]) return Decide(only, [only.Item.State], []); // four rows in five
        return Weigh(voices);
    }

    private static LicenseDecision Weigh(List<LicenseVoice> voices)
    {
        List<string> conflicts = [];
        var declared = voices.Where(voice => voice.IsDeclared).Select(voice => voice.Item.State).Distinct(StringComparer.Ordinal).ToList();
        var own = Speaking(voices.FindAll(voice => !voice.IsInherited && !LicenseConflicts.IsAboutOthers(voice)), conflicts);
        var inherited = voices.FindAll(voice => voice.IsInherited && voice.IsKnown);
        var ownGoverns = Strictest(own);
        var governs = Strictest([.. ownGoverns is null ? [] : new[] { ownGoverns }, .. inherited.Where(voice => ownGoverns is null or { IsKnown: true } || voice.Strictness > ownGoverns.Strictness)]);
        conflicts.AddRange(LicenseConflicts.Among(own, ownGoverns));
        conflicts.AddRange(LicenseConflicts.WithBases(ownGoverns, inherited));
        conflicts.AddRange(LicenseConflicts.WithOthers(governs, voices));
        return governs is null ? LicenseDecision.None with { Finding = LicenseDecision.None.Finding with { Declared = declared, Conflicts = conflicts } } : Decide(governs, declared, [.. conflicts.Distinct(StringComparer.Ordinal)]);
    }

    private static LicenseDecision Decide(LicenseVoice governs, IReadOnlyList<string> declared, IReadOnlyList<string> conflicts) => new(
        new(declared, governs.Id, governs.License?.Family, governs.Class, governs.SourceWord, conflicts),
        governs.Title,
        [governs.Item]);

    /// <summary>Of equally strict voices the one that read the thing itself, then the one heard first.</summary>
    private static LicenseVoice? Strictest(List<LicenseVoice> voices) =>
        voices.OrderByDescending(voice => voice.Strictness).ThenBy(voice => voice.IsInherited).ThenBy(voice => voice.Item.Strength).FirstOrDefault();

    /// <summary>Leaves out the placeholders <c>other</c> and <c>unknown</c> where something else says what they stand for.</summary>
    private static List<LicenseVoice> Speaking(List<LicenseVoice> voices, List<string> conflicts)
    {
        var placeholder = voices.Find(voice => voice.IsPlaceholder);
        if (placeholder is null) return voices;
        var speaking = voices.FindAll(voice => !voice.IsPlaceholder);
        if (speaking.Count == 0) return voices;
        if (speaking.Exists(voice => voice.Item.Strength == Strength.Read)) return speaking;
        var named = speaking.Find(voice => voice.Item.Extractor == ReadBy.LicenseName);
        if (named is { Class: LicenseClass.Open, License.HubId: not null })
        {
            conflicts.Add($"The card declares the licence as \"{placeholder.Item.State}\" but names it {named.Title}, which has a tag of its own.");
            return voices;
        }
        var tagged = speaking.Exists(voice => voice.Item.Extractor == ReadBy.LicenseTag);
        return tagged && named is null ? voices : speaking; // "apache-2.0, other": what the other one says is not known
    }
}
