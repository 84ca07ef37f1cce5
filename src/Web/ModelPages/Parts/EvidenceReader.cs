using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Web.Catalog;
using Npgsql;

namespace ModelAtlas.Web.ModelPages.Parts;

/// <summary>Every piece of evidence about a model, whether a rule used it or not. Where its facts cannot be read any more, that which its verdict rests on.</summary>
internal sealed class EvidenceReader(CatalogStore store)
{
    public Task<EvidenceSet> ReadAsync(ModelDetail model, CancellationToken cancellationToken) => model.Facts is null
        ? Task.FromResult<EvidenceSet>(new([.. (model.Verdict?.Reasons ?? []).SelectMany(reason => reason.Evidence).Distinct()]))
        : store.ReadAsync(db => StoredEvidence.ReadAsync((NpgsqlConnection)db.Database.GetDbConnection(), model.Row.Id, cancellationToken), cancellationToken);
}
