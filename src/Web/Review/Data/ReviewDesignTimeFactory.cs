using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace ModelAtlas.Web.Review.Data;

/// <summary>Lets <c>dotnet ef migrations add NAME --project src/Web --context ReviewDbContext --output-dir Review/Migrations</c> work without a database.</summary>
internal sealed class ReviewDesignTimeFactory : IDesignTimeDbContextFactory<ReviewDbContext>
{
    public ReviewDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ReviewDbContext>();
        ReviewDbContext.Configure(options, NpgsqlDataSource.Create("Host=design-time"));
        return new(options.Options);
    }
}
