using Microsoft.Extensions.DependencyInjection;
using Microsoft.Security.AntiSSRF;

namespace ModelAtlas.Ingest.Links;

/// <summary>Clients for addresses that others choose: they reach public hosts alone, judged when they connect, with no cookie, proxy or token of ours, and follow nothing.</summary>
public static class GuardedClients
{
    /// <param name="reachesLoopback">Whether 127.0.0.1 may be reached as well, over plain http; nothing else of this machine or its network ever is.</param>
    public static IHttpClientBuilder AddGuardedClient(this IServiceCollection services, string name, Action<HttpClient> introduce, Func<IServiceProvider, bool> reachesLoopback) =>
        services.AddHttpClient(name, introduce)
            .ConfigurePrimaryHttpMessageHandler(provider => GuardedFetch.Handler(Policy(reachesLoopback(provider))))
            .SetHandlerLifetime(TimeSpan.FromMinutes(10))
            .RemoveAllLoggers(); // they would write every URL

    /// <summary>Whether a request failed because of where it led. 0.0.0.0 is no argument for the resolver.</summary>
    public static bool IsRefusal(Exception failure) => failure is AntiSSRFException or ArgumentException || failure.InnerException is AntiSSRFException;

    private static AntiSSRFPolicy Policy(bool reachesLoopback)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = reachesLoopback };
        if (reachesLoopback) policy.AddAllowedAddresses(["127.0.0.1/32"]);
        return policy;
    }
}
