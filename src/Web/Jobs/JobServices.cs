namespace ModelAtlas.Web.Jobs;

internal static class JobServices
{
    /// <summary>Hangfire on PostgreSQL. Every process can enqueue; only those with <paramref name="runServer"/> work.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, string connectionString, bool runServer) => services;

    public static WebApplication MapJobs(this WebApplication app) => app;
}
