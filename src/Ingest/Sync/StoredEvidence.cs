using ModelAtlas.Domain.Evidence;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>All evidence about a stored model, its own and what its datasets and bases give, read again from the stored facts as it was when the model was judged.</summary>
public static class StoredEvidence
{
    public static async Task<EvidenceSet> ReadAsync(NpgsqlConnection connection, int modelId, CancellationToken cancellationToken)
    {
        if (await ModelStore.FindAsync(connection, [modelId], cancellationToken) is not [var row]) return EvidenceSet.Empty;
        var model = new Relative(row.RepoId, Assessment.Read(row)) { Row = row };
        var kin = await Kinship.OfAsync(connection, new(), [model], cancellationToken);
        return kin.Lineage.Inherit(row.RepoId, kin.EvidenceOf(model));
    }
}
