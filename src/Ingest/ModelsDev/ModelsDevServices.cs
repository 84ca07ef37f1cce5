using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.ModelsDev;

internal static class ModelsDevServices
{
    public static IServiceCollection AddModelsDev(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ModelsDevOptions, ModelsDevOptionsValidator>()
            .BindConfiguration(ModelsDevOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.Offline |= configuration.GetValue<bool>("Atlas:Offline"));
        services.AddHttpClient(ModelsDevClient.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                UseProxy = !HubOptions.IsLoopbackHost(provider.GetRequiredService<IOptions<ModelsDevOptions>>().Value.ListUri),
                ConnectTimeout = TimeSpan.FromSeconds(10),
                MaxResponseHeadersLength = 64,
                ActivityHeadersPropagator = null,
            })
            .RemoveAllLoggers();
        return services.AddSingleton<ModelsDevClient>().AddTransient<SyncServicesJob>();
    }
}
