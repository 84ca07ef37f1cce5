using System.Text.Json.Serialization;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Licenses;

internal sealed record LicensesAnswer(LicenseEntry[] Items, int Total, string? Next);

/// <param name="Id">Our id, or the free text of a name that we have no facts about.</param>
/// <param name="Class">What the rules read: open, use-restricted, licensee-restricted, non-commercial, proprietary or unknown.</param>
/// <param name="Basis">evidenced when the text was read, claimed when a table says so, not-established when nobody has read it.</param>
internal sealed record LicenseEntry(string Id, string Name, string Class, string Basis, string? Spdx, string? Family, bool? OsiApproved, bool? FsfLibre, int Settled, int Models)
{
    public static LicenseEntry Of(LicenseRow row) => row.License is { } license
        ? new(license.Id, license.Name, license.Class, LicenseWords.Basis(license).Id(), license.SpdxReference, license.Family, license.OsiApproved, license.FsfLibre, LicenseWords.Settled(license), row.Models)
        : new(row.Key, row.Name, row.Class, Domain.Catalog.Basis.NotEstablished.Id(), null, null, null, null, 0, row.Models);
}

internal sealed record LicenseAnswer(
    string Id, string Name, string Class, string Basis, string Spdx, string Family, string? HubId, bool? OsiApproved, bool? FsfLibre, bool? MofOpen, string? Versions,
    IReadOnlyList<string> Aliases, IReadOnlyList<string> Pages, string? FactsSource, FactItem[] Facts, UseItem[] Uses, int Models)
{
    public static LicenseAnswer Of(License license, int models) => new(
        license.Id, license.Name, license.Class, LicenseWords.Basis(license).Id(), license.SpdxReference, license.Family, license.HubId, license.OsiApproved, license.FsfLibre, license.MofOpen,
        license.Versions, license.Aliases, license.Pages, license.FactsSource, [.. license.Facts.Select(FactItem.Of)], [.. UseCheck.All([new(license.Name, license)]).Select(UseItem.Of)], models);
}

/// <param name="Answer">yes, no, conditional, or null where the text does not settle it.</param>
internal sealed record FactItem(string Tag, string Group, string Label, string? Answer, string? Clause, string? Note)
{
    public static FactItem Of(LicenseFact fact) => new(fact.Tag.Id, fact.Tag.Group.Id(), fact.Tag.Label, fact.Answer.Id(), fact.Clause, fact.Note);
}

/// <param name="Outcome">allowed, allowed-with-duties, ask-counsel or not-allowed.</param>
internal sealed record UseItem(string Use, string Label, string Outcome, UseReasonItem[] Reasons)
{
    public static UseItem Of(UseAnswer answer) => new(answer.Use.Id(), answer.Use.Label(), answer.Outcome.Id(),
        [.. answer.Reasons.Select(reason => new UseReasonItem(reason.Outcome.Id(), reason.Text, reason.Tag?.Id, reason.Clause))]);
}

internal sealed record UseReasonItem(string Outcome, string Text, string? Tag, string? Clause);

/// <param name="Unknown">Names that are no licence we know; the others are compared.</param>
internal sealed record ComparisonAnswer(LicenseEntry[] Items, int Total, string? Next, string[] Unknown, ComparedItem[] Rows);

internal sealed record ComparedItem(string Tag, string Group, string Label, bool Differs, CellItem[] Cells)
{
    public static ComparedItem Of(ComparedFact row, IReadOnlyList<License> licenses) => new(row.Tag.Id, row.Tag.Group.Id(), row.Tag.Label, row.Differs,
        [.. row.Cells.Zip(licenses, (cell, license) => new CellItem(license.Id, cell.Answer.Id(), cell.Clause, cell.Note))]);
}

internal sealed record CellItem(string License, string? Answer, string? Clause, string? Note);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LicensesAnswer))]
[JsonSerializable(typeof(LicenseAnswer))]
[JsonSerializable(typeof(ComparisonAnswer))]
[JsonSerializable(typeof(UseItem[]))]
internal sealed partial class LicenseApiJson : JsonSerializerContext;
