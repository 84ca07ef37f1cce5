using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Classification;

/// <summary>What one source says about the licence of the weights, as the resolver hears it.</summary>
/// <param name="Source">One word: <c>tag</c>, <c>name</c>, <c>card</c>, <c>file</c>, <c>base</c>, <c>cited</c>, or the source itself.</param>
/// <param name="LicenseId">Null for words that name no licence of the desk.</param>
/// <param name="Class">What the rules read, a <see cref="Licenses.LicenseClass"/>.</param>
/// <param name="Note">What is odd about it, in one sentence.</param>
/// <param name="Governs">True for the one whose licence is the effective one.</param>
public sealed record LicenseClaim(EvidenceItem Item, string Source, string? LicenseId, string Title, string Class, string? Note, bool Governs)
{
    /// <summary>Every claim in the order heard, those about datasets and naming duties left out. That of a code repository stands among them and never governs.</summary>
    public static IReadOnlyList<LicenseClaim> All(EvidenceSet found)
    {
        var decided = LicenseResolver.Resolve(found).Decided;
        return [.. found.Of(Axis.License).Select(LicenseVoice.Of).Where(voice => voice.Item.Extractor is not (ReadBy.DatasetLicense or ReadBy.NamingDuty))
            .Select(voice => new LicenseClaim(voice.Item, voice.SourceWord, voice.Id, voice.Title, voice.Class, voice.Note, decided.Contains(voice.Item)))];
    }
}
