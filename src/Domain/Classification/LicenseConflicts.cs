using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>Puts every disagreement about a licence into a sentence.</summary>
internal static class LicenseConflicts
{
    /// <summary>Evidence that rests beside the licence question and never answers it.</summary>
    public static bool IsAboutOthers(LicenseVoice voice) => voice.Item.Extractor is ReadBy.DatasetLicense or ReadBy.NamingDuty or ReadBy.CodeLicense;

    public static IEnumerable<string> Among(List<LicenseVoice> own, LicenseVoice? governs)
    {
        foreach (var voice in own)
        {
            if (voice.Note is { } note) yield return note;
            else if (governs is not null && voice.Class != governs.Class && voice.IsKnown)
                yield return $"{Capital(voice.Where)} says {voice.Title} ({voice.Class}), {governs.Where} says {governs.Title} ({governs.Class}); the stricter one governs.";
        }
    }

    /// <summary>A derived model may not be freer than what it was made from, and parts under terms that must stay as they are cannot be joined.</summary>
    public static IEnumerable<string> WithBases(LicenseVoice? own, List<LicenseVoice> bases)
    {
        foreach (var voice in bases)
        {
            if (own is { IsKnown: true } && voice.Strictness > own.Strictness)
                yield return $"{Capital(voice.Where)} is under {voice.Title} ({voice.Class}), which does not allow what {own.Title} ({own.Class}) promises.";
        }
        var binding = bases.Where(voice => voice.License is { } license && MustStay(license)).DistinctBy(voice => voice.Id).ToList();
        if (binding.Count > 1)
            yield return $"The bases are under licences that each demand to stay: {string.Join(", ", binding.Select(voice => $"{voice.Title} ({voice.Item.Locator})"))}.";
    }

    public static IEnumerable<string> WithOthers(LicenseVoice? governs, List<LicenseVoice> voices)
    {
        foreach (var voice in voices)
        {
            if (voice.Item.Extractor == ReadBy.NamingDuty) yield return $"{voice.Title} of {voice.Item.Source["base:".Length..]} asks of derived models: {voice.Item.Quote}.";
            if (voice.Item.Extractor is ReadBy.DatasetLicense or ReadBy.CodeLicense && voice.Class == LicenseClass.NonCommercial && governs is { Class: LicenseClass.Open or LicenseClass.UseRestricted or LicenseClass.LicenseeRestricted })
                yield return $"{Capital(voice.Where)} is under {voice.Title}, which does not allow commercial use; the model's {governs.Title} does.";
        }
    }

    private static bool MustStay(License license) =>
        license.Fact(FactTag.DerivativesKeepTerms).Answer == Answer.Yes || license.Fact(FactTag.SameLicense).Answer == Answer.Yes;

    private static string Capital(string text) => text is [var first, ..] ? char.ToUpperInvariant(first) + text[1..] : text;
}
