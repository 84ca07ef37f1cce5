using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

internal static class SyncServices
{
    /// <summary>Factories, because constructors that take what only Ingest knows are internal.</summary>
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SyncOptions, SyncOptionsValidator>().BindConfiguration(SyncOptions.Section);
        services.AddSingleton<CatalogWriter>().AddSingleton<CrawlLock>().AddSingleton<CrawlLedger>().AddSingleton<CrawlShift>();
        services.AddSingleton(provider => new HubCrawl(
            provider.GetRequiredService<HubClient>(), provider.GetRequiredService<CatalogWriter>(), provider.GetRequiredService<CrawlLedger>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RepoStateWriter>().AddSingleton<UnmetModels>().AddSingleton<RepoVisit>().AddSingleton<VanishedCheck>();
        services.AddTransient(provider => ActivatorUtilities.CreateInstance<CheckVanishedJob>(provider));
        services.AddTransient(provider => new SyncModelsJob(provider.GetRequiredService<CrawlShift>(), provider.GetRequiredService<IBackgroundJobClient>()));
        services.AddTransient(provider => new SyncDatasetsJob(provider.GetRequiredService<CrawlShift>(), provider.GetRequiredService<IBackgroundJobClient>()));
        return services;
    }
}
