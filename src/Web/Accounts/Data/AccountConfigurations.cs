using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ModelAtlas.Web.Accounts.Data;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    /// <summary>Shadow column that makes names unique and findable without regard to letter case.</summary>
    public const string NameKey = "NameKey";

    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("account");
        account.Property(row => row.Name).HasMaxLength(AccountName.MaxLength);
        account.Property<string>(NameKey).HasMaxLength(AccountName.MaxLength).HasComputedColumnSql("lower(name COLLATE \"C\")", stored: true);
        account.HasIndex(NameKey).IsUnique();
        account.Property(row => row.ExternalId).HasMaxLength(OpenId.OpenIdDesk.LongestId);
        account.HasIndex(row => row.ExternalId).IsUnique();
        account.Property(row => row.Role).HasConversion<short>();
    }
}

internal sealed class StoredSessionConfiguration : IEntityTypeConfiguration<StoredSession>
{
    public void Configure(EntityTypeBuilder<StoredSession> session)
    {
        session.ToTable("session");
        session.HasKey(row => row.TokenHash);
        session.HasIndex(row => row.AccountId);
        session.HasIndex(row => row.ExpiresAt);
        session.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId);
    }
}

internal sealed class StoredApiKeyConfiguration : IEntityTypeConfiguration<StoredApiKey>
{
    public void Configure(EntityTypeBuilder<StoredApiKey> key)
    {
        key.ToTable("api_key");
        key.HasKey(row => row.TokenHash);
        key.Property(row => row.Name).HasMaxLength(Keys.ApiKeys.LongestName);
        key.HasIndex(row => row.AccountId);
        key.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId);
    }
}

internal sealed class StoredSetupTokenConfiguration : IEntityTypeConfiguration<StoredSetupToken>
{
    public void Configure(EntityTypeBuilder<StoredSetupToken> token)
    {
        token.ToTable("setup_token");
        token.HasKey(row => row.TokenHash);
    }
}
