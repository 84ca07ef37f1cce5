using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests;

/// <summary>The ingest as the product composes it, pointed at a fake hub.</summary>
internal static class HubSetup
{
    /// <summary>Nobody in these tests has to give up because of a wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    public static readonly string FirstModels = HubListing.First(HubRepoKind.Models, HubSort.CreatedAt, 1000);

    public static ServiceProvider For(FakeHub hub, TimeProvider? clock = null, Action<HubOptions>? change = null, ILoggerProvider? log = null, Action<IServiceCollection>? more = null) =>
        For(hub.Endpoint, clock, change, log, more);

    public static ServiceProvider For(string endpoint, TimeProvider? clock = null, Action<HubOptions>? change = null, ILoggerProvider? log = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Atlas:Hub:Endpoint", endpoint)]).Build());
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Trace);
            if (log is not null) logging.AddProvider(log);
        });
        services.AddIngest();
        services.Configure<HubOptions>(options =>
        {
            options.Deadline = TimeSpan.FromSeconds(10);
            options.RetryDelay = TimeSpan.FromMilliseconds(10);
            change?.Invoke(options);
        });
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    public static Task<HubReply<HubPage>> ListAsync(this ServiceProvider services, string? question = null, TimeSpan? patience = null) =>
        services.GetRequiredService<HubClient>().ListAsync(question ?? FirstModels, patience ?? Patience, TestContext.Current.CancellationToken);

    public static Task<HubReply<HubModel>> GetAsync(this ServiceProvider services, string id) =>
        services.GetRequiredService<HubClient>().GetModelAsync(id, Patience, TestContext.Current.CancellationToken);

    public static Task<HubReply<string>> CardAsync(this ServiceProvider services, string id) =>
        services.GetRequiredService<HubClient>().GetCardAsync(id, null, Patience, TestContext.Current.CancellationToken);

    public static void Fill(this FakeHub hub, int models, int seed = 1)
    {
        foreach (var model in FakeModels.Make(models, seed)) hub.Models.Add(model);
    }
}
