using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What the rules make of all that is known of a model and of what it was made from.</summary>
/// <param name="Gift">Hash of what models made from it take over.</param>
/// <param name="Bases">The bases that it names, with the model each name stands for.</param>
internal sealed record Assessment(Verdict Verdict, long Hash, long Gift, IReadOnlyList<(EvidenceItem Named, Relative? Model)> Bases, IReadOnlyList<string> DatasetIds)
{
    /// <summary>The row's own evidence, as its newest sources have it.</summary>
    public static OwnEvidence Read(StoredModel row) => row.Now is { } now ? Read(now, row.Card?.Text) : OwnEvidence.Empty;

    public static OwnEvidence Read(Observation now, string? card) => Guard(now.Model.Id, () => EvidenceExtractor.ReadOwn(new ModelSources(CurrentView.Of(now), now.At) { Card = card }));

    public static Assessment Of(Relative row, Kinship kin) => Guard(row.RepoId, () =>
    {
        var all = kin.Lineage.Inherit(row.RepoId, kin.EvidenceOf(row));
        var verdict = Classifier.Classify(all);
        return new Assessment(
            verdict,
            VerdictHash.Of(verdict),
            VerdictHash.Of(ModelLineage.Gift(row.RepoId, all)),
            [.. row.Own.Bases.DistinctBy(named => named.Quote, StringComparer.Ordinal).Select(named => (named, kin.Find(named.Quote ?? "")))],
            row.Own.DatasetIds);
    });

    public string Document => JsonSerializer.Serialize(Verdict, VerdictJson.Default.Verdict);

    /// <summary>Whatever a row does to the rules, its neighbours are still to be stored.</summary>
    private static T Guard<T>(string id, Func<T> judge)
    {
        try
        {
            return judge();
        }
        catch (Exception broken)
        {
            throw new UnwritableException($"{id} cannot be judged: {broken.Message}", broken);
        }
    }
}
