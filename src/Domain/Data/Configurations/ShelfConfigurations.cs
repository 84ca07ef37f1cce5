using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data.Configurations;

internal sealed class ShelfJobConfiguration : IEntityTypeConfiguration<ShelfJob>
{
    public void Configure(EntityTypeBuilder<ShelfJob> job)
    {
        job.ToTable("shelf_job");
        job.HasKey(row => row.RepoId);
        job.Property(row => row.State).HasConversion<short>();
    }
}

internal sealed class AcceptedTermsConfiguration : IEntityTypeConfiguration<AcceptedTerms>
{
    public void Configure(EntityTypeBuilder<AcceptedTerms> terms)
    {
        terms.ToTable("accepted_terms");
        terms.HasKey(row => new { row.Person, row.License, row.TextSha256 });
    }
}

internal sealed class PublishedRunConfiguration : IEntityTypeConfiguration<PublishedRun>
{
    public void Configure(EntityTypeBuilder<PublishedRun> run) => run.ToTable("published_run");
}
