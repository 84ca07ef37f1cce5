using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ModelAtlas.Web.Review.Data;

/// <summary>Brings the <c>review</c> schema to the newest version. Called wherever the catalogue's own migrations are.</summary>
internal static class ReviewMigrator
{
    public static async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var options = new DbContextOptionsBuilder<ReviewDbContext>();
        ReviewDbContext.Configure(options, source);
        await using var db = new ReviewDbContext(options.Options);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
