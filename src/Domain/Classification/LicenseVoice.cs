using System.Collections.Frozen;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Domain.Classification;

/// <summary>What one piece of evidence says about the licence of the weights.</summary>
internal sealed record LicenseVoice(EvidenceItem Item, License? License, string Class, string? Note)
{
    // Fields that say no more than that there is a licence.
    private static readonly FrozenSet<string> Fillers = FrozenSet.ToFrozenSet(
        ["license", "licence", "license.md", "license.txt", "model-license", "model license", "custom", "custom-license", "other", "none", "tbd"], StringComparer.OrdinalIgnoreCase);

    public bool IsKnown => Class != LicenseClass.Unknown;

    public bool IsInherited => Item.Extractor == ReadBy.Lineage;

    public bool IsDeclared => Item.Extractor is ReadBy.LicenseTag or ReadBy.LicenseName;

    /// <summary>The ids <c>other</c> and <c>unknown</c>, and names that are no names, stand for a licence that is named elsewhere, or nowhere.</summary>
    public bool IsPlaceholder => IsDeclared && (License is { Id: "other" or "unknown" } || (License is null && Fillers.Contains(Item.State)));

    public int Strictness => LicenseClass.Strictness(Class);

    public string? Id => License?.Id;

    public string Title => License?.Name ?? (Item.Extractor is ReadBy.UseLimit or ReadBy.UnknownText ? $"\"{Item.Quote ?? Item.State}\"" : $"\"{Item.State}\"");

    /// <summary>For the reader of a conflict.</summary>
    public string Where => Item.Extractor switch
    {
        ReadBy.LicenseTag => "the licence tag",
        ReadBy.LicenseName => "the licence name",
        ReadBy.LicenseProse => "the card's text",
        ReadBy.UseLimit => Item.Source == "card" ? "the card's text" : $"the file {Item.Locator}",
        ReadBy.LicenseText or ReadBy.AlteredText or ReadBy.UnknownText => $"the file {Item.Locator}",
        ReadBy.Lineage => $"the base {Item.Locator}",
        ReadBy.DatasetLicense => $"the dataset {Item.Locator}",
        ReadBy.CodeLicense => $"the code repository {Item.Source["code:".Length..]}",
        _ => Item.Source,
    };

    /// <summary>One word for the verdict.</summary>
    public string SourceWord => Item.Extractor switch
    {
        ReadBy.LicenseTag => "tag",
        ReadBy.LicenseName => "name",
        ReadBy.LicenseProse => "card",
        ReadBy.UseLimit => Item.Source == "card" ? "card" : "file",
        ReadBy.LicenseText or ReadBy.AlteredText or ReadBy.UnknownText => "file",
        ReadBy.Lineage => "base",
        ReadBy.CodeLicense => "code",
        _ => Item.IsCited() ? "cited" : Item.Source,
    };

    public static LicenseVoice Of(EvidenceItem item)
    {
        switch (item.Extractor)
        {
            case ReadBy.UseLimit:
                return new(item, null, item.State, null);
            case ReadBy.UnknownText:
                return new(item, null, LicenseClass.Unknown, $"The file {item.Locator} is not the text of a known licence: {item.Quote ?? "it matches none"}.");
        }
        var named = LicenseDesk.Resolve(item.State);
        if (item.Extractor == ReadBy.AlteredText) return Altered(item, named);
        return new(item, named.Governing, named.Class, item.Extractor == ReadBy.LicenseTag ? LookAlike(named) : null);
    }

    /// <summary>Changed clauses may take rights away: a text that departs from an open licence is an unknown one.</summary>
    private static LicenseVoice Altered(EvidenceItem item, LicenseName named)
    {
        var stays = LicenseClass.Strictness(named.Class) > LicenseClass.Strictness(LicenseClass.Unknown);
        return new(
            item,
            stays ? named.Governing : null,
            stays ? named.Class : LicenseClass.Unknown,
            $"The file {item.Locator} is {named.Governing?.Name ?? item.State} with changes: {item.Quote?.TrimEnd('.')}.");
    }

    private static string? LookAlike(LicenseName named) =>
        named is { Match: NameMatch.Unknown, Note: { } note } && note.StartsWith("It looks like", StringComparison.Ordinal) ? $"The licence tag is not what it seems. {note}" : null;
}
