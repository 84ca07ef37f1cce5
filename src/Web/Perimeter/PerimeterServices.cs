using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Perimeter;

internal static class PerimeterServices
{
    private static readonly string[] OwnHosts = ["localhost", "127.0.0.1", "[::1]"];

    public static IServiceCollection AddPerimeter(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PerimeterOptions>().BindConfiguration(PerimeterOptions.Section);
        services.AddSingleton<IValidateOptions<PerimeterOptions>, PerimeterValidator>();

        // The host filter itself is part of every WebApplication and runs first; without these names it lets all in.
        services.AddOptions<HostFilteringOptions>().Configure<IOptions<PerimeterOptions>>((filter, options) =>
        {
            filter.AllowedHosts = [.. OwnHosts, .. options.Value.PublicHosts];
            filter.AllowEmptyHosts = false;
            filter.IncludeFailureMessage = false;
        });
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<PerimeterOptions>>(Trust);
        return services;
    }

    /// <summary>To be called before anything that looks at the scheme or the address of a request.</summary>
    public static WebApplication UsePerimeter(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<PerimeterOptions>>().Value.ProxyList.Any()) app.UseForwardedHeaders();
        return app;
    }

    // Scheme and address only: a forwarded host or path prefix would choose where our redirects lead. A proxy passes Host on.
    private static void Trust(ForwardedHeadersOptions forwarded, IOptions<PerimeterOptions> options)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Value.ProxyList)
        {
            if (IPAddress.TryParse(proxy, out var address)) forwarded.KnownProxies.Add(address);
            else forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }
    }

    private sealed class PerimeterValidator : IValidateOptions<PerimeterOptions>
    {
        public ValidateOptionsResult Validate(string? name, PerimeterOptions options) =>
            PerimeterOptions.Complaint(options) is { } complaint ? ValidateOptionsResult.Fail(complaint) : ValidateOptionsResult.Success;
    }
}
