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
        var declared = voices.Where(voice => voice.IsDeclared).Select(voice => voice.Item.State).Distinct(StringComparer.Ordinal).ToList();
        List<string> conflicts = [];
        var speaking = Speaking(voices, conflicts);
        var governing = Governing(speaking);
        foreach (var voice in speaking)
        {
            if (voice.Note is { } note) conflicts.Add(note);
            if (voice.Class != governing.Class && voice.IsKnown && (governing.IsKnown || voice.Class != LicenseClass.Open)) conflicts.Add(Disagreement(voice, governing));
        }
        return new(
            new(declared, governing.Id, governing.License?.Family, governing.Class, governing.SourceWord, [.. conflicts.Distinct(StringComparer.Ordinal)]),
            governing.Title,
            [governing.Item]);
    }

    /// <summary>Leaves out the placeholders <c>other</c> and <c>unknown</c> where something else says what they stand for.</summary>
    private static List<LicenseVoice> Speaking(List<LicenseVoice> voices, List<string> conflicts)
    {
        var placeholder = voices.Find(voice => voice.IsPlaceholder);
        if (placeholder is null) return voices;
        var speaking = voices.FindAll(voice => !voice.IsPlaceholder);
        if (speaking.Count == 0) return [placeholder];
        var tagged = speaking.Exists(voice => voice.Item.Extractor == ReadBy.LicenseTag);
        var named = speaking.Find(voice => voice.Item.Extractor == ReadBy.LicenseName);
        var read = speaking.Exists(voice => voice.Item.Strength == Strength.Read);
        if (tagged && named is null && !read) return voices; // "apache-2.0, other": what the other one says is not known
        if (!read && named is { Class: LicenseClass.Open, License.HubId: not null })
        {
            conflicts.Add($"The card declares the licence as \"{placeholder.Item.State}\" but names it {named.Title}, which has a tag of its own.");
            return voices;
        }
        return speaking;
    }

    private static LicenseVoice Governing(List<LicenseVoice> voices)
    {
        var own = voices.FindAll(voice => !voice.Item.IsInherited());
        var candidates = voices.FindAll(voice => !voice.Item.IsInherited() || voice.IsKnown);
        if (own.Count > 0 && !own.Exists(voice => voice.IsKnown)) candidates = [.. own, .. voices.Where(voice => voice.Item.IsInherited() && voice.Strictness > LicenseClass.Strictness(LicenseClass.Unknown))];
        return candidates.Count == 0 ? voices[0] : candidates.OrderByDescending(voice => voice.Strictness).ThenBy(voice => voice.Item.IsInherited()).ThenBy(voice => voice.Item.Strength).First();
    }

    private static string Disagreement(LicenseVoice voice, LicenseVoice governing) =>
        $"{voice.Where} says {voice.Title} ({voice.Class}), {governing.Where} says {governing.Title} ({governing.Class}); the stricter one governs.";
}
