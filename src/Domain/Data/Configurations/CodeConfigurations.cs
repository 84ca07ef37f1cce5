using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data.Configurations;

internal sealed class CodeRepositoryConfiguration : IEntityTypeConfiguration<CodeRepository>
{
    public void Configure(EntityTypeBuilder<CodeRepository> repository)
    {
        repository.ToTable("code_repository");
        repository.HasKey(row => row.Url);
    }
}

internal sealed class ModelCodeVisitConfiguration : IEntityTypeConfiguration<ModelCodeVisit>
{
    public void Configure(EntityTypeBuilder<ModelCodeVisit> visit)
    {
        visit.ToTable("model_code_visit");
        visit.HasKey(row => row.ModelId);
        visit.Property(row => row.ModelId).ValueGeneratedNever();
        visit.HasOne<CatalogModel>().WithOne().HasForeignKey<ModelCodeVisit>(row => row.ModelId).OnDelete(DeleteBehavior.Cascade);
    }
}
