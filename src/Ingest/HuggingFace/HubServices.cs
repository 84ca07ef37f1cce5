using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace.Gateway;

namespace ModelAtlas.Ingest.HuggingFace;

internal static class HubServices
{
    public static IServiceCollection AddHub(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<HubOptions, HubOptionsValidator>()
            .BindConfiguration(HubOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.Offline |= configuration.GetValue<bool>("Atlas:Offline"));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HubToken>().AddSingleton<HubBudget>().AddSingleton<HubAttempt>().AddSingleton<HubGateway>().AddSingleton<HubFileDoor>();
        services.AddSingleton(provider => new HubAllowances(provider.GetRequiredService<HubBudget>()));
        services.AddSingleton(provider => new RetryPlan(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<HubOptions>>(), Random.Shared));
        services.AddSingleton(provider => new HubClient(provider.GetRequiredService<HubGateway>(), provider.GetRequiredService<IOptions<HubOptions>>()));

        // No loggers of the factory: they would write URLs and headers of every request. The gateway says what is worth saying.
        services.AddTransient<HubGatewayHandler>();
        services.AddHttpClient(HubAttempt.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => Sockets(provider.GetRequiredService<IOptions<HubOptions>>().Value))
            .AddHttpMessageHandler<HubGatewayHandler>()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddHttpClient(HubFileDoor.ContentClient)
            .ConfigureHttpClient((provider, client) =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                HubGatewayHandler.Introduce(client.DefaultRequestHeaders, provider.GetRequiredService<IOptions<HubOptions>>().Value);
            })
            .ConfigurePrimaryHttpMessageHandler(provider => Sockets(provider.GetRequiredService<IOptions<HubOptions>>().Value))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }

    /// <summary>Redirects, decoding and the deadline are the gateway's affair. The operator's proxy is used for a hub on the network, never for one on loopback.</summary>
    private static SocketsHttpHandler Sockets(HubOptions options) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = !options.IsLoopback,
        ConnectTimeout = options.ConnectTimeout,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    };
}
