using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Webhooks;
using Npgsql;

namespace ModelAtlas.Web.Review.Data;

/// <summary>What people say of verdicts, what was done about it, and who wants to be told. A schema of its own, since no crawl may touch it.</summary>
internal sealed class ReviewDbContext(DbContextOptions<ReviewDbContext> options) : DbContext(options)
{
    public const string Schema = "review";

    public DbSet<Dispute> Disputes => Set<Dispute>();
    public DbSet<Override> Overrides => Set<Override>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<Webhook> Webhooks => Set<Webhook>();
    public DbSet<WebhookDelivery> Deliveries => Set<WebhookDelivery>();

    public static DbContextOptionsBuilder Configure(DbContextOptionsBuilder options, NpgsqlDataSource source) => options
        .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", Schema))
        .UseSnakeCaseNamingConvention();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Dispute>(dispute =>
        {
            dispute.ToTable("dispute");
            dispute.Property(row => row.Subject).HasConversion<short>();
            dispute.Property(row => row.State).HasConversion<short>();
            dispute.HasIndex(row => row.RepoId);
            dispute.HasIndex(row => new { row.State, row.Id });
        });
        modelBuilder.Entity<Override>(set =>
        {
            set.ToTable("override");
            set.Property(row => row.Class).HasConversion<short>();
            set.HasIndex(row => new { row.RepoId, row.HubId }).IsUnique().HasFilter("ended_at IS NULL").HasDatabaseName("ix_override_repo_id_live");
            set.HasIndex(row => row.HubId);
            set.HasIndex(row => new { row.RepoId, row.Id });
        });
        modelBuilder.Entity<AuditEntry>().ToTable("audit");
        modelBuilder.Entity<Webhook>(hook =>
        {
            hook.ToTable("webhook");
            hook.HasIndex(row => row.Url).IsUnique();
        });
        modelBuilder.Entity<WebhookDelivery>(delivery =>
        {
            delivery.ToTable("webhook_delivery");
            delivery.HasOne<Webhook>().WithMany().HasForeignKey(row => row.WebhookId).OnDelete(DeleteBehavior.Cascade);
            delivery.HasIndex(row => new { row.WebhookId, row.Id });
        });
    }
}
