using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Catalog;

/// <summary>The site's way to the database: one read-only snapshot for each question, and five seconds to answer it.</summary>
internal sealed class CatalogStore(IDbContextFactory<AtlasDbContext> contexts)
{
    public async Task<T> ReadAsync<T>(Func<AtlasDbContext, Task<T>> question, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var snapshot = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Database.ExecuteSqlRawAsync("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '5s'", cancellationToken);
            return await question(db);
        });
    }
}
