using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>What a card's prose tells about the training data. A card that was read in full, describes its model and names no source is evidence of none.</summary>
internal static class DataProse
{
    /// <summary>With less prose than this about the model itself, not about how to run or cite it, a card is a stub: its silence says nothing.</summary>
    private const int DescribesAModel = 400;

    public static void Read(CardProse card, EvidenceNotes notes, bool namedInMetadata, List<string> datasetIds)
    {
        var named = false;
        bool undisclosed = false, open = false;
        foreach (var statement in card.Statements)
        {
            open |= TrainingTalk.LeavesOpen(statement);
            if (TrainingTalk.Of(statement) is not { } text) continue;
            var sources = NamedSources.In(text, statement);
            if (sources.Count > 0)
            {
                named = true;
                datasetIds.AddRange(sources.Select(source => source.DatasetId).OfType<string>());
                notes.Add(Axis.Data, Level.Described, statement.Section, Quote(sources, text), TrainingTalk.IsFromScratch(text, statement) ? ReadBy.Pretraining : ReadBy.TrainingProse, Strength.Claimed);
            }
            if (!undisclosed && TrainingTalk.Undisclosed(text, statement) is { } secret)
            {
                undisclosed = true;
                notes.Add(Axis.Data, Level.None, statement.Section, $"\"{secret}\" in: {text}", ReadBy.Undisclosed, Strength.Claimed);
            }
        }
        if (!named && !open && !namedInMetadata && card.Complete && Describing(card) >= DescribesAModel)
            notes.Add(Axis.Data, Level.None, $"all {card.Statements.Count} statements of the card", null, "silent-card", Strength.Read);
    }

    private static int Describing(CardProse card) =>
        card.Statements.Where(statement => statement.Topic is not (CardTopic.Usage or CardTopic.Citation or CardTopic.License)).Sum(statement => statement.Text.Length);

    private static string Quote(List<NamedSource> sources, string text) => $"{string.Join(", ", sources.Take(5).Select(source => source.Name))}: {text}";
}
