using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ModelAtlas.Ingest.Links;

internal static class LinkServices
{
    public static IServiceCollection AddLinks(this IServiceCollection services)
    {
        services.AddOptions<LinkOptions>().BindConfiguration(LinkOptions.Section)
            .Configure<IConfiguration>((options, configuration) => options.Fetch &= !configuration.GetValue<bool>("Atlas:Offline"));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<GuardedFetch>();
        services.AddGuardedClient(GuardedFetch.ClientName, GuardedFetch.Introduce, reachesLoopback: _ => false);
        return services;
    }
}
