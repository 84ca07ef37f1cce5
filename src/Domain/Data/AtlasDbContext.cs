using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data;

public sealed class AtlasDbContext(DbContextOptions<AtlasDbContext> options) : DbContext(options)
{
    public DbSet<CatalogModel> Models => Set<CatalogModel>();
    public DbSet<ModelCounters> Counters => Set<ModelCounters>();
    public DbSet<ModelFacts> Facts => Set<ModelFacts>();
    public DbSet<ModelCard> Cards => Set<ModelCard>();
    public DbSet<ModelCardVisit> CardVisits => Set<ModelCardVisit>();
    public DbSet<ModelBase> Bases => Set<ModelBase>();
    public DbSet<ModelDataset> NamedDatasets => Set<ModelDataset>();
    public DbSet<DueModel> Due => Set<DueModel>();
    public DbSet<ModelAlias> Aliases => Set<ModelAlias>();
    public DbSet<CatalogVerdict> Verdicts => Set<CatalogVerdict>();
    public DbSet<VerdictChange> VerdictChanges => Set<VerdictChange>();
    public DbSet<CatalogLicense> Licenses => Set<CatalogLicense>();
    public DbSet<Term> Terms => Set<Term>();
    public DbSet<CatalogDataset> Datasets => Set<CatalogDataset>();
    public DbSet<CodeRepository> CodeRepositories => Set<CodeRepository>();
    public DbSet<ModelCodeVisit> CodeVisits => Set<ModelCodeVisit>();
    public DbSet<ShelfJob> ShelfJobs => Set<ShelfJob>();
    public DbSet<AcceptedTerms> AcceptedTerms => Set<AcceptedTerms>();
    public DbSet<PublishedRun> PublishedRuns => Set<PublishedRun>();
    public DbSet<CatalogDay> Days => Set<CatalogDay>();
    public DbSet<CrawlCursor> Cursors => Set<CrawlCursor>();
    public DbSet<QuarantinedRow> Quarantine => Set<QuarantinedRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasSequence("model_rev");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(AtlasDbContext).Assembly);
    }
}
