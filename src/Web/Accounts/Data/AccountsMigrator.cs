using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ModelAtlas.Web.Accounts.Data;

/// <summary>Brings the <c>accounts</c> schema to the newest version. Called wherever the catalogue's own migrations are.</summary>
internal static class AccountsMigrator
{
    public static async Task MigrateAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<AccountsDbContext>();
        AccountsDbContext.Configure(options, source);
        await using var db = new AccountsDbContext(options.Options);
        await db.Database.MigrateAsync(cancellationToken);
    }

    public static async Task MigrateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await MigrateAsync(source, cancellationToken);
    }
}
