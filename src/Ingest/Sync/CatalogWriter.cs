using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>The only code that writes catalogue tables: one page of a source in one transaction.</summary>
public sealed class CatalogWriter(NpgsqlDataSource database, TimeProvider clock)
{
    public Task<PageResult> WriteAsync(CatalogPage page, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{page.Source} cannot be written yet ({database.ConnectionString.Length}, {clock.GetUtcNow()}, {cancellationToken}).");
}
