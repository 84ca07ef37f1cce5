using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ModelAtlas.Domain.Data;

/// <summary>Lets <c>dotnet ef migrations add NAME --project src/Domain --output-dir Data/Migrations</c> work without the site.</summary>
internal sealed class AtlasDesignTimeFactory : IDesignTimeDbContextFactory<AtlasDbContext>
{
    public AtlasDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas("Host=design-time").Options);
}
