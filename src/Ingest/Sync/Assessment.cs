using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What the rules make of all that is known of a model and of what it was made from.</summary>
/// <param name="Gift">Hash of what models made from it take over.</param>
/// <param name="Bases">The bases that it names, with the model each name stands for.</param>
internal sealed record Assessment(Verdict Verdict, long Hash, long Gift, IReadOnlyList<(EvidenceItem Named, Relative? Model)> Bases, IReadOnlyList<string> DatasetIds)
{
    /// <summary>The row's own evidence, as its newest sources have it.</summary>
    public static OwnEvidence Read(StoredModel row) => row.Now is { } now ? Read(now, row.Card?.Text, row.Card?.License) : OwnEvidence.Empty;

    public static OwnEvidence Read(Observation now, string? card, RepoText? license) => Guard(now.Model.Id, () =>
        EvidenceExtractor.ReadOwn(new ModelSources(CurrentView.Of(now), now.At) { Card = card, Files = license is null ? [] : [license] }));

    public static Assessment Of(Relative row, Kinship kin) => Guard(row.RepoId, () => kin.Judge(row));

    /// <summary>The judgement of a model that names neither bases nor datasets nor code, and so owes nothing to the catalogue; null for another.</summary>
    public static Assessment? Alone(string id, OwnEvidence own)
    {
        var all = own.With(null);
        return own.DatasetIds.Count > 0 || ModelLineage.HasBases(all) || CodeEvidence.Named(own.Items) is not [] ? null : Guard(id, () => Of(all, [], own));
    }

    public static Assessment Of(EvidenceSet all, IReadOnlyList<(EvidenceItem Named, Relative? Model)> bases, OwnEvidence own)
    {
        var verdict = Classifier.Classify(all);
        // Whose gift it is makes no difference: models that get another name are looked after anyway.
        return new(verdict, VerdictHash.Of(verdict), VerdictHash.Of(ModelLineage.Gift("", all)), bases, own.DatasetIds);
    }

    /// <summary>The verdict as it is stored, written once for all models that share it.</summary>
    public byte[] Document => field ??= JsonSerializer.SerializeToUtf8Bytes(Verdict, VerdictJson.Default.Verdict);

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
