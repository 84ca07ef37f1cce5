using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages.Comparing;

/// <summary>The models of a comparison, and others that go with them.</summary>
internal sealed class ModelCompareReader(ModelReader models, CatalogReader catalog)
{
    private const int MostNear = 6;

    public async Task<IReadOnlyList<ComparedModel>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<ComparedModel> found = [];
        foreach (var name in names)
        {
            var lookup = await models.FindAsync(name, cancellationToken);
            if (lookup.MovedTo is { } now) lookup = await models.FindAsync(now, cancellationToken);
            var compared = new ComparedModel(name, lookup.Model, [.. lookup.Similar.Select(row => row.RepoId)]);
            if (!found.Exists(other => other.Id == compared.Id)) found.Add(compared);
        }
        return found;
    }

    /// <summary>The most downloaded of the same task.</summary>
    public async Task<IReadOnlyList<CatalogRow>> NearAsync(IReadOnlyList<ComparedModel> compared, CancellationToken cancellationToken)
    {
        var task = compared.Select(model => model.Model?.Row.Task).OfType<string>().FirstOrDefault();
        var view = CatalogView.Start.Where(task is null ? CatalogFilter.All : CatalogFilter.All.With("task", task)) with { Size = MostNear + ModelComparison.Most };
        var page = await catalog.ListAsync(view, cancellationToken);
        return [.. page.Items.Where(row => compared.All(model => model.Id != row.RepoId)).Take(MostNear)];
    }
}
