using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Data;
using ModelAtlas.Testing;

namespace ModelAtlas.Web.Tests.Postgres;

public sealed class PostgresFixtureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Each_request_gets_a_migrated_empty_database_of_its_own()
    {
        var first = await postgres.CreateDatabaseAsync();
        var second = await postgres.CreateDatabaseAsync();

        Assert.NotEqual(first, second);
        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(second).Options);
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await db.Models.CountAsync(TestContext.Current.CancellationToken));
    }
}
