using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Downloads;

public static class DownloadServices
{
    /// <param name="home">Folder of the fetched models.</param>
    public static IServiceCollection AddDownloads(this IServiceCollection services, string home)
    {
        services.AddOptionsWithValidateOnStart<DownloadOptions, DownloadOptionsValidator>().BindConfiguration(DownloadOptions.Section);
        return services.AddSingleton(new ModelShelf(home))
            .AddSingleton<ShelfJobs>()
            .AddTransient<FetchModelJob>()
            .AddSingleton<FileTransfer>()
            .AddSingleton(provider => new ModelDownload(
                provider.GetRequiredService<HubClient>(), provider.GetRequiredService<FileTransfer>(), provider.GetRequiredService<ModelShelf>(),
                provider.GetRequiredService<IOptions<DownloadOptions>>(), provider.GetRequiredService<IOptions<HubOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }
}
