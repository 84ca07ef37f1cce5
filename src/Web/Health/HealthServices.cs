using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModelAtlas.Web.Health;

internal static class HealthServices
{
    /// <summary>Name of the client with which this process asks itself whether it is ready.</summary>
    public const string SelfClient = "self";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddHealth(this IServiceCollection services, string connectionString)
    {
        services.AddSharedClock();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DatabaseWatch>(provider, connectionString));
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseWatch>());
        services.AddHealthChecks().AddCheck<ReadyCheck>("catalogue", timeout: Limit);
        return services.AddSelfClient();
    }

    /// <summary>The time for everything that is registered after it.</summary>
    public static IServiceCollection AddSharedClock(this IServiceCollection services) =>
        services.AddSingleton(_ => new SharedClock(TimeProvider.System)).AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SharedClock>());

    public static IServiceCollection AddSelfClient(this IServiceCollection services)
    {
        services.AddHttpClient(SelfClient, client => client.Timeout = TimeSpan.FromSeconds(8)).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false });
        return services;
    }

    public static WebApplication UseDatabaseGate(this WebApplication app)
    {
        app.UseMiddleware<DatabaseGate>();
        return app;
    }

    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work.</summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { ResponseWriter = WriteAsync }).AllowAnonymous();
        return app;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status == HealthStatus.Healthy ? "ok" : "not ready",
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status == HealthStatus.Healthy ? "ok" : entry.Value.Description ?? "took too long"),
    }, context.RequestAborted);
}
