using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Domain.Data.Configurations;

internal sealed class CatalogModelConfiguration : IEntityTypeConfiguration<CatalogModel>
{
    public void Configure(EntityTypeBuilder<CatalogModel> model)
    {
        model.ToTable("model").HasStorageParameter("fillfactor", 85);
        model.HasIndex(row => row.RepoId).IsUnique();
        model.HasIndex(row => row.HubId).IsUnique();
        model.HasIndex(row => row.AuthorId);
        model.HasIndex(row => row.Rev);
        model.HasIndex(row => row.SpokenName);
        model.Property(row => row.SpokenName).UseCollation("C"); // so that names that begin alike stand together, whatever the database is set to
        model.Property(row => row.Rev).HasDefaultValueSql("nextval('model_rev')");
        model.Property(row => row.Class).HasConversion<short?>();
        model.Property(row => row.Basis).HasConversion<short>();
        model.Property(row => row.Rung).HasConversion<short?>();
        model.Property(row => row.WeightsLevel).HasConversion<short>();
        model.Property(row => row.LicenseLevel).HasConversion<short>();
        model.Property(row => row.CodeLevel).HasConversion<short>();
        model.Property(row => row.DataLevel).HasConversion<short>();
        model.Property(row => row.Gating).HasConversion<short>();
        model.Property(row => row.State).HasConversion<short>();
        model.HasOne<Term>().WithMany().HasForeignKey(row => row.AuthorId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ModelCountersConfiguration : IEntityTypeConfiguration<ModelCounters>
{
    public void Configure(EntityTypeBuilder<ModelCounters> counters)
    {
        counters.ToTable("model_counters").HasStorageParameter("fillfactor", 70);
        counters.HasKey(row => row.ModelId);
        counters.Property(row => row.ModelId).ValueGeneratedNever();
        counters.HasOne<CatalogModel>().WithOne().HasForeignKey<ModelCounters>(row => row.ModelId);
    }
}

internal sealed class ModelFactsConfiguration : IEntityTypeConfiguration<ModelFacts>
{
    public void Configure(EntityTypeBuilder<ModelFacts> facts)
    {
        facts.ToTable("model_facts");
        facts.HasKey(row => row.ModelId);
        facts.Property(row => row.ModelId).ValueGeneratedNever();
        facts.HasOne<CatalogModel>().WithOne().HasForeignKey<ModelFacts>(row => row.ModelId);
    }
}

internal sealed class ModelCardConfiguration : IEntityTypeConfiguration<ModelCard>
{
    public void Configure(EntityTypeBuilder<ModelCard> card)
    {
        card.ToTable("model_card");
        card.HasKey(row => row.ModelId);
        card.Property(row => row.ModelId).ValueGeneratedNever();
        card.HasOne<CatalogModel>().WithOne().HasForeignKey<ModelCard>(row => row.ModelId);
    }
}

internal sealed class ModelCardVisitConfiguration : IEntityTypeConfiguration<ModelCardVisit>
{
    public void Configure(EntityTypeBuilder<ModelCardVisit> visit)
    {
        visit.ToTable("model_card_visit");
        visit.HasKey(row => row.ModelId);
        visit.Property(row => row.ModelId).ValueGeneratedNever();
        visit.HasOne<CatalogModel>().WithOne().HasForeignKey<ModelCardVisit>(row => row.ModelId);
    }
}

internal sealed class ModelBaseConfiguration : IEntityTypeConfiguration<ModelBase>
{
    public void Configure(EntityTypeBuilder<ModelBase> bases)
    {
        bases.ToTable("model_base");
        bases.HasKey(row => new { row.ModelId, row.BaseRepoId });
        bases.HasIndex(row => row.BaseRepoId);
        bases.HasIndex(row => row.BaseKey);
        bases.Property(row => row.Relation).HasConversion<short>();
        bases.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.ModelId);
        bases.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.BaseModelId).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class ModelDatasetConfiguration : IEntityTypeConfiguration<ModelDataset>
{
    public void Configure(EntityTypeBuilder<ModelDataset> named)
    {
        named.ToTable("model_dataset");
        named.HasKey(row => new { row.ModelId, row.DatasetKey });
        named.HasIndex(row => row.DatasetKey);
        named.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.ModelId);
    }
}

internal sealed class DueModelConfiguration : IEntityTypeConfiguration<DueModel>
{
    public void Configure(EntityTypeBuilder<DueModel> due)
    {
        due.ToTable("model_due");
        due.HasKey(row => row.ModelId);
        due.Property(row => row.ModelId).ValueGeneratedNever();
        due.HasOne<CatalogModel>().WithOne().HasForeignKey<DueModel>(row => row.ModelId);
    }
}

internal sealed class ModelAliasConfiguration : IEntityTypeConfiguration<ModelAlias>
{
    public void Configure(EntityTypeBuilder<ModelAlias> alias)
    {
        alias.ToTable("model_alias");
        alias.HasKey(row => row.Alias);
        alias.HasIndex(row => row.ModelId);
        alias.Property(row => row.Reason).HasConversion<short>();
        alias.HasOne<CatalogModel>().WithMany().HasForeignKey(row => row.ModelId);
    }
}
