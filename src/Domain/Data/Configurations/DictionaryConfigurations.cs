using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data.Configurations;

internal sealed class TermConfiguration : IEntityTypeConfiguration<Term>
{
    public void Configure(EntityTypeBuilder<Term> term)
    {
        term.ToTable("term");
        term.HasIndex(row => new { row.Kind, row.Name }).IsUnique();
        term.Property(row => row.Kind).HasConversion<short>();
    }
}

internal sealed class CatalogLicenseConfiguration : IEntityTypeConfiguration<CatalogLicense>
{
    public void Configure(EntityTypeBuilder<CatalogLicense> license)
    {
        license.ToTable("license");
        license.HasIndex(row => row.Key).IsUnique();
    }
}

internal sealed class CatalogDatasetConfiguration : IEntityTypeConfiguration<CatalogDataset>
{
    public void Configure(EntityTypeBuilder<CatalogDataset> dataset)
    {
        dataset.ToTable("dataset");
        dataset.HasIndex(row => row.RepoId).IsUnique();
        dataset.HasIndex(row => row.HubId);
        dataset.Property(row => row.Gating).HasConversion<short>();
        dataset.Property(row => row.State).HasConversion<short>();
    }
}

internal sealed class CatalogDayConfiguration : IEntityTypeConfiguration<CatalogDay>
{
    public void Configure(EntityTypeBuilder<CatalogDay> day)
    {
        day.ToTable("catalog_day");
        day.HasKey(row => new { row.Day, row.Class });
        day.Property(row => row.Class).HasConversion<short>();
    }
}
