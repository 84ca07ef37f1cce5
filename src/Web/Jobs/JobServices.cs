using Hangfire;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Jobs;

internal static class JobServices
{
    /// <summary>Seconds before each further try: the first ones soon, for a database that was away for a moment. After the last a job is shown as failed and waits for a person.</summary>
    private static readonly int[] _pauses = [2, 10, 60, 300];

    /// <summary>Hangfire on PostgreSQL. Every process can enqueue; only those with <paramref name="runServer"/> work.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, string connectionString, bool runServer)
    {
        services.AddOptionsWithValidateOnStart<JobOptions, JobOptionsValidator>().BindConfiguration(JobOptions.Section);
        services.AddHangfire((provider, hangfire) =>
        {
            var options = provider.GetRequiredService<IOptions<JobOptions>>().Value;
            hangfire
                .UseLogProvider(new HangfireLog(provider.GetRequiredService<ILoggerFactory>()))
                .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                .UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings()
                .UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(HangfireStorage.ConnectionString(connectionString, options)), HangfireStorage.Options(options));
        });
        foreach (var retry in GlobalJobFilters.Filters.Select(filter => filter.Instance).OfType<AutomaticRetryAttribute>()) (retry.Attempts, retry.DelaysInSeconds) = (_pauses.Length, _pauses);
        services.AddSingleton<CrawlFreshness>().AddHostedService(provider => provider.GetRequiredService<CrawlFreshness>());
        if (!runServer) return services;

        services.AddHostedService<JobRegistrar>().AddSingleton<AllowanceReport>().AddHostedService(provider => provider.GetRequiredService<AllowanceReport>());
        services.AddHangfireServer((provider, server) =>
        {
            var options = provider.GetRequiredService<IOptions<JobOptions>>().Value;
            server.WorkerCount = options.Workers;
            server.SchedulePollingInterval = HangfireStorage.Poll;
            server.StopTimeout = TimeSpan.FromSeconds(5);
            server.ShutdownTimeout = TimeSpan.FromSeconds(15);
        });
        return services;
    }

    /// <summary>The dashboard, for admins. A proxy on the same host makes every request local, so being local counts for nothing.</summary>
    public static WebApplication MapJobs(this WebApplication app)
    {
        app.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            DashboardTitle = "ModelAtlas jobs",
            AppPath = "/admin",
            Authorization = [new AdminOnly()],
            IsReadOnlyFunc = context => !AdminOnly.IsAdmin(context),
        }).RequireAuthorization(AdminOnly.Policy);
        return app;
    }
}
