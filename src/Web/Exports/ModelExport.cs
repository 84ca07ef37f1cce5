using System.Runtime.CompilerServices;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Exports;

/// <summary>All models that pass a filter, in its order: which ones from the index at once, their rows from the database in batches, so that memory stays that of one batch.</summary>
internal sealed class ModelExport(CatalogIndex index, CatalogStore store)
{
    private const int Batch = 1_000;

    public async Task<IReadOnlyList<int>> FindAsync(CatalogView view, CancellationToken cancellationToken)
    {
        var snapshot = await index.ReadAsync(cancellationToken);
        using var search = new CatalogSearch(snapshot, view.Filter);
        return search.Total == 0 ? [] : [.. search.Page(view.Sort, view.Descending, null, 0, search.Total).Select(document => snapshot.Ids[document])];
    }

    /// <summary>A model that has gone since it was found is left out.</summary>
    public async IAsyncEnumerable<IReadOnlyList<CatalogRow>> ReadAsync(IReadOnlyList<int> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in ids.Chunk(Batch))
            yield return await store.ReadAsync(db => CatalogReader.RowsAsync(db, batch, cancellationToken), cancellationToken);
    }
}
