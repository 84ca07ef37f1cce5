using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace ModelAtlas.Web.Accounts.Data;

/// <summary>Lets <c>dotnet ef migrations add NAME --project src/Web --context AccountsDbContext --output-dir Accounts/Migrations</c> work without a database.</summary>
internal sealed class AccountsDesignTimeFactory : IDesignTimeDbContextFactory<AccountsDbContext>
{
    public AccountsDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<AccountsDbContext>();
        AccountsDbContext.Configure(options, NpgsqlDataSource.Create("Host=design-time"));
        return new(options.Options);
    }
}
