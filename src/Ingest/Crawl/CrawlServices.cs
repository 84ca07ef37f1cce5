using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Crawl;

internal static class CrawlServices
{
    public static IServiceCollection AddCrawl(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SyncOptions, SyncOptionsValidator>().BindConfiguration(SyncOptions.Section);
        return services
            .AddSingleton<CatalogWriter>().AddSingleton<QuarantineReplay>().AddTransient<ReplayQuarantineJob>()
            .AddSingleton<CrawlLock>().AddSingleton<CrawlLedger>().AddSingleton<HubCrawl>().AddSingleton<CrawlShift>()
            .AddSingleton<UnmetRepos>().AddSingleton<RepoVisit>().AddSingleton<VanishedCheck>().AddSingleton<CardQueue>().AddSingleton<CardCrawl>()
            .AddTransient<SyncModelsJob>().AddTransient<SyncDatasetsJob>().AddTransient<CheckVanishedJob>().AddTransient<ReadCardsJob>().AddTransient<ReadModelJob>().AddTransient<JudgeDueJob>().AddTransient<ReclassifyJob>().AddTransient<CountDayJob>()
            .AddSingleton(provider => new ForegroundSync(
                provider.GetRequiredService<HubCrawl>(), provider.GetRequiredService<VanishedCheck>(), provider.GetRequiredService<CrawlLedger>(), provider.GetRequiredService<CrawlLock>(),
                provider.GetRequiredService<CatalogWriter>()));
    }
}
