using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data.Configurations;

internal sealed class CatalogVerdictConfiguration : IEntityTypeConfiguration<CatalogVerdict>
{
    public void Configure(EntityTypeBuilder<CatalogVerdict> verdict)
    {
        verdict.ToTable("verdict");
        verdict.HasIndex(row => new { row.ModelId, row.Id });
        verdict.Property(row => row.Class).HasConversion<short?>();
        verdict.Property(row => row.Basis).HasConversion<short>();
        verdict.Property(row => row.Rung).HasConversion<short?>();
        verdict.Property(row => row.Document).HasColumnType("jsonb");
        verdict.Property(row => row.Conflict).HasComputedColumnSql("document #> '{license,conflicts,0}' IS NOT NULL", stored: true);
        verdict.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.ModelId);
    }
}

internal sealed class VerdictChangeConfiguration : IEntityTypeConfiguration<VerdictChange>
{
    public void Configure(EntityTypeBuilder<VerdictChange> change)
    {
        change.ToTable("verdict_change");
        change.HasKey(row => row.VerdictId);
        change.Property(row => row.VerdictId).ValueGeneratedNever();
        change.HasIndex(row => new { row.ModelId, row.VerdictId }); // two more stand in the migration: of those that changed, and of new ones
        change.Property(row => row.Parts).HasConversion<short>();
        change.HasOne<CatalogVerdict>().WithMany().HasForeignKey(row => row.VerdictId);
        change.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.ModelId);
    }
}
