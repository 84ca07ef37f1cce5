using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using Npgsql;

namespace ModelAtlas.Web.Admin.Rules;

/// <summary>Judges stored evidence again without writing anything: which of the most downloaded models would be something else under the rules of this program, or under another lens.</summary>
internal sealed class RuleRehearsal(CatalogStore store, CatalogIndex index)
{
    public static readonly IReadOnlyList<int> Sizes = [100, 500];

    /// <summary>How many models each version of the rules has judged last.</summary>
    public Task<IReadOnlyList<RuleCount>> VersionsAsync(CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<RuleCount>>(async db =>
        await db.Models.GroupBy(model => model.RuleVersion).OrderByDescending(group => group.Count()).Select(group => new RuleCount(group.Key, group.Count())).ToListAsync(cancellationToken), cancellationToken);

    public async Task<Rehearsal> RunAsync(Lens lens, int size, CancellationToken cancellationToken)
    {
        var ids = CatalogReader.Find(await index.ReadAsync(cancellationToken), new(CatalogFilter.All, CatalogSort.Downloads, Descending: true, Size: size), []).Ids;
        return await store.ReadAsync(async db =>
        {
            var (flips, unread) = (new List<Flip>(), 0);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            var rows = await CatalogReader.RowsAsync(db, ids, cancellationToken);
            foreach (var row in rows)
            {
                var (before, license) = row.Override is { } set ? (set.Ruled.Class, set.Ruled.License?.Key) : (row.Class, row.License?.Key);
                if (row.State is RepoState.Service) continue; // judged from another source, which has no evidence of this kind
                if (await EvidenceAsync(connection, row.Id, cancellationToken) is not { } evidence)
                {
                    unread++;
                    continue;
                }
                var verdict = Classifier.Classify(evidence, lens);
                if (verdict.Class != before || verdict.License.Effective != license) flips.Add(new(row, before, license, verdict));
            }
            return new Rehearsal(rows.Count, flips, unread);
        }, cancellationToken);
    }

    /// <summary>Null where the stored facts of a model, or of one it was made from, cannot be read any more: the others are judged all the same.</summary>
    private static async Task<EvidenceSet?> EvidenceAsync(NpgsqlConnection connection, int modelId, CancellationToken cancellationToken)
    {
        try
        {
            return await StoredEvidence.ReadAsync(connection, modelId, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

internal sealed record RuleCount(string Version, int Models);

/// <param name="Unread">Of the models judged, those whose facts could not be read.</param>
internal sealed record Rehearsal(int Judged, IReadOnlyList<Flip> Flips, int Unread);

/// <summary>A model that would be something else.</summary>
internal sealed record Flip(CatalogRow Row, Openness? Before, string? LicenseBefore, Verdict After);
