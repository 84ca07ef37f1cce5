using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ModelAtlas.Web.Accounts.Data;

/// <summary>Who may sign in, and the keys that cookies and forms are protected with. A schema of its own: catalogue roles need no right on it.</summary>
internal sealed class AccountsDbContext(DbContextOptions<AccountsDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    public const string Schema = "accounts";

    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<StoredSession> Sessions => Set<StoredSession>();
    public DbSet<StoredApiKey> ApiKeys => Set<StoredApiKey>();
    public DbSet<StoredSetupToken> SetupTokens => Set<StoredSetupToken>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, NpgsqlDataSource source) => options
        .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", Schema))
        .UseSnakeCaseNamingConvention();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new AccountConfiguration());
        modelBuilder.ApplyConfiguration(new StoredSessionConfiguration());
        modelBuilder.ApplyConfiguration(new StoredApiKeyConfiguration());
        modelBuilder.ApplyConfiguration(new StoredSetupTokenConfiguration());
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_key");
    }
}
