using ModelAtlas.Web.Review.Data;
using Npgsql;

namespace ModelAtlas.Web.Review;

internal static class ReviewServices
{
    public static IServiceCollection AddReview(this IServiceCollection services)
    {
        services.AddDbContextFactory<ReviewDbContext>((provider, options) => ReviewDbContext.Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));
        return services.AddSingleton<AuditBook>().AddSingleton<DisputeLimit>().AddSingleton<DisputeDesk>().AddSingleton<OverrideDesk>();
    }
}
