using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ModelAtlas.Domain.Data;

public static class DomainServices
{
    /// <summary>Registers the pooled <see cref="NpgsqlDataSource"/> and the context factory on it. Needs the data source's connection string only when first used.</summary>
    public static IServiceCollection AddDomain(this IServiceCollection services, string connectionString) => services
        .AddSingleton(_ => NpgsqlDataSource.Create(connectionString))
        .AddDbContextFactory<AtlasDbContext>((provider, options) => options.UseAtlas(provider.GetRequiredService<NpgsqlDataSource>()));

    public static DbContextOptionsBuilder<T> UseAtlas<T>(this DbContextOptionsBuilder<T> options, string connectionString) where T : DbContext
    {
        options.UseNpgsql(connectionString).UseSnakeCaseNamingConvention();
        return options;
    }

    public static DbContextOptionsBuilder UseAtlas(this DbContextOptionsBuilder options, NpgsqlDataSource source) =>
        options.UseNpgsql(source).UseSnakeCaseNamingConvention();
}
