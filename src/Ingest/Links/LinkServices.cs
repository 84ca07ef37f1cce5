using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Security.AntiSSRF;

namespace ModelAtlas.Ingest.Links;

internal static class LinkServices
{
    public static IServiceCollection AddLinks(this IServiceCollection services)
    {
        services.AddOptions<LinkOptions>().BindConfiguration(LinkOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.Fetch &= !configuration.GetValue<bool>("Atlas:Offline"));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GuardedFetch>();
        services.AddHttpClient(GuardedFetch.ClientName, GuardedFetch.Introduce)
            .ConfigurePrimaryHttpMessageHandler(() => GuardedFetch.Handler(new(PolicyConfigOptions.ExternalOnlyLatest)))
            .SetHandlerLifetime(TimeSpan.FromMinutes(10))
            .RemoveAllLoggers(); // they would write every URL
        return services;
    }
}
