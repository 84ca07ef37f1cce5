using System.Collections.Frozen;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>What one piece of evidence says about the licence.</summary>
internal sealed record LicenseVoice(EvidenceItem Item, License? License, string Class, string? Note)
{
    public bool IsKnown => Class != LicenseClass.Unknown;

    public int Strictness => LicenseClass.Strictness(Class);

    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(["license", "licence", "license.md", "license.txt", "model-license", "model license", "custom", "custom-license", "other", "none", "tbd"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The ids <c>other</c> and <c>unknown</c>, and names that are no names, stand for a licence that is named elsewhere, or nowhere.</summary>
    public bool IsPlaceholder => IsDeclared && (License is { Id: "other" or "unknown" } || (License is null && Fillers.Contains(Item.State)));

    public bool IsDeclared => Item.Extractor is ReadBy.LicenseTag or ReadBy.LicenseName;

    public string? Id => License?.Id;

    public string Title => License?.Name ?? (Item.Extractor == ReadBy.UseLimit ? $"\"{Item.Quote}\"" : $"\"{Item.State}\"");

    /// <summary>For the reader of a conflict.</summary>
    public string Where => Item.Extractor switch
    {
        ReadBy.LicenseTag => "the licence tag",
        ReadBy.LicenseName => "the licence name",
        ReadBy.LicenseProse or ReadBy.UseLimit => "the card's text",
        ReadBy.LicenseText or ReadBy.AlteredText => $"the file {Item.Locator}",
        ReadBy.Lineage => $"the base {Item.Locator}",
        _ => Item.Source,
    };

    /// <summary>One word for the verdict.</summary>
    public string SourceWord => Item.Extractor switch
    {
        ReadBy.LicenseTag => "tag",
        ReadBy.LicenseName => "name",
        ReadBy.LicenseProse or ReadBy.UseLimit => "card",
        ReadBy.LicenseText or ReadBy.AlteredText => "file",
        ReadBy.Lineage => "base",
        _ => Item.IsCited() ? "cited" : Item.Source,
    };

    public static LicenseVoice Of(EvidenceItem item)
    {
        if (item.Extractor == ReadBy.UseLimit) return new(item, null, item.State, null);
        var named = LicenseDesk.Resolve(item.State);
        if (item.Extractor != ReadBy.AlteredText) return new(item, named.Governing, named.Class, named.Match is NameMatch.Unknown && item.Extractor == ReadBy.LicenseTag ? LookAlike(named) : null);
        var atLeastUnknown = LicenseClass.Strictness(named.Class) > LicenseClass.Strictness(LicenseClass.Unknown) ? named.Class : LicenseClass.Unknown;
        return new(item, atLeastUnknown == named.Class ? named.Governing : null, atLeastUnknown, $"The file {item.Locator} is {named.Governing?.Name ?? item.State} with changed clauses: {item.Quote}.");
    }

    private static string? LookAlike(LicenseName named) => named.Note is { } note && note.StartsWith("It looks like", StringComparison.Ordinal) ? $"The licence tag is not what it seems. {note}" : null;
}
