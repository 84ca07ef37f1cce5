using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data.Configurations;

internal sealed class CrawlCursorConfiguration : IEntityTypeConfiguration<CrawlCursor>
{
    public void Configure(EntityTypeBuilder<CrawlCursor> cursor)
    {
        cursor.ToTable("crawl_cursor");
        cursor.HasKey(row => row.Source);
        cursor.Property(row => row.State).HasConversion<short>();
    }
}

internal sealed class QuarantinedRowConfiguration : IEntityTypeConfiguration<QuarantinedRow>
{
    public void Configure(EntityTypeBuilder<QuarantinedRow> row)
    {
        row.ToTable("quarantine");
        row.HasIndex(item => new { item.Source, item.ContentHash }).IsUnique();
        row.Property(item => item.Kind).HasConversion<short>();
    }
}
