using ModelAtlas.Web.Review.Data;
using Npgsql;

namespace ModelAtlas.Web.Review;

internal static class ReviewServices
{
    /// <summary>The tables, for every process; what pages do with them is <see cref="AddReview"/>.</summary>
    public static IServiceCollection AddReviewStore(this IServiceCollection services) =>
        services.AddDbContextFactory<ReviewDbContext>((provider, options) => ReviewDbContext.Configure(options, provider.GetRequiredService<NpgsqlDataSource>())).AddSingleton<AuditBook>();

    public static IServiceCollection AddReview(this IServiceCollection services) => services.AddSingleton<DisputeLimit>().AddSingleton<DisputeDesk>().AddSingleton<OverrideDesk>();
}
