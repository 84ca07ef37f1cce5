using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>What a card says, read once: its front matter as the hub would show it, and the evidence in its prose.</summary>
/// <param name="Data">Null when the card has no front matter.</param>
/// <param name="DatasetIds">Datasets of the hub that the training prose links to.</param>
internal sealed record CardFacts(HubCardData? Data, IReadOnlyList<EvidenceItem> Prose, IReadOnlyList<string> DatasetIds, IReadOnlyList<string> Issues);

internal static class CardEvidence
{
    /// <summary>More of a card is never read.</summary>
    public const int LongestCard = 1024 * 1024;

    public static CardFacts Read(string card, string ownId, string? revision, DateTimeOffset observedAt)
    {
        List<string> issues = [];
        var complete = card.Length <= LongestCard;
        if (!complete)
        {
            card = card[..LongestCard];
            issues.Add($"The card is longer than {LongestCard / 1024} KiB; the rest was not read.");
        }
        var front = FrontMatter.Split(card);
        issues.AddRange(front.Issues);
        var data = front.IsPresent ? Data(front) : null;
        var notes = new EvidenceNotes("card", revision, observedAt);
        List<string> datasetIds = [];
        try
        {
            var prose = CardReader.Read(front.Body, complete);
            prose = prose with { Statements = [.. prose.Statements.Where(statement => !CardSubject.IsRelative(statement.Text, ownId))] };
            ReadProse(prose, front.Body, data, ownId, notes, datasetIds);
        }
        catch (RegexMatchTimeoutException)
        {
            issues.Add("The card's text could not be read in time; what was found until then counts.");
        }
        return new(data, notes.Items, datasetIds, issues);
    }

    private static void ReadProse(CardProse prose, string body, HubCardData? data, string ownId, EvidenceNotes notes, List<string> datasetIds)
    {
        if (data?.ExtraGatedPrompt is not null) notes.Add(Axis.Weights, Level.Gated, "extra_gated_prompt", null, "gate", Strength.Claimed);
        LicenseProse.Read(prose, notes, declared: data?.License is { Count: > 0 });
        if (data?.ExtraGatedPrompt is { } gate) LicenseProse.Read(CardReader.Read(gate, complete: true), notes, declared: true);
        BaseProse.Read(prose, ownId, notes, data?.BaseModel is { Count: > 0 });
        CodeProse.Read(body, ownId, prose, notes);
        DataProse.Read(prose, notes, data?.Datasets?.Any(DatasetNames.Identifies) == true, datasetIds);
    }

    private static HubCardData Data(FrontMatter front) => new()
    {
        License = Some(front.All("license")),
        LicenseName = front.First("license_name"),
        LicenseLink = front.First("license_link"),
        BaseModel = Some(front.All("base_model")),
        BaseModelRelation = front.First("base_model_relation"),
        Datasets = Some(front.All("datasets")),
        Language = Some(front.All("language")),
        PipelineTag = front.First("pipeline_tag"),
        LibraryName = front.First("library_name"),
        Tags = Some(front.All("tags")),
        ExtraGatedPrompt = front.First("extra_gated_prompt"),
    };

    private static IReadOnlyList<string>? Some(IReadOnlyList<string> values) => values.Count > 0 ? values : null;
}
