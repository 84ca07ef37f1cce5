using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Playground.Offers;

/// <summary>The models that people use most and that are not here, and one that an address names.</summary>
internal sealed class OfferReader(CatalogReader catalog, CatalogIndex index, CatalogStore store, IOptions<DownloadOptions> disk, IOptions<HubOptions> hub)
{
    private const int Read = 40;
    private const int Shown = 12;

    private static readonly CatalogView MostUsed = CatalogView.Start.Where(CatalogFilter.All.With("task", "text-generation")) with { Size = Read };

    /// <param name="here">Ids of the models that can be asked already.</param>
    /// <returns>Those that can be fetched before those that cannot run, at most a dozen of each. None while the catalogue is being read into memory.</returns>
    public async Task<IReadOnlyList<ModelOffer>> ListAsync(IReadOnlySet<string> here, CancellationToken cancellationToken)
    {
        if (index.Current is null) return [];
        var offers = (await catalog.ListAsync(MostUsed, cancellationToken)).Items.Where(row => !here.Contains(row.RepoId)).Select(Of).ToList();
        return [.. offers.Where(offer => offer.Obstacle is null).Take(Shown), .. offers.Where(offer => offer.Obstacle is not null).Take(Shown)];
    }

    /// <summary>Null for one that the catalogue does not know.</summary>
    public async Task<ModelOffer?> FindAsync(string id, CancellationToken cancellationToken) => await store.ReadAsync(async db =>
        (await CatalogReader.RowsAsync(db, [.. db.Models.Where(model => model.RepoId == id).Select(model => model.Id).Take(1)], cancellationToken)) is [var row] ? Of(row) : null, cancellationToken);

    private ModelOffer Of(CatalogRow row) => ModelOffer.Of(row, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, disk.Value.ModelBytes, hub.Value.TokenFile is { Length: > 0 });
}
