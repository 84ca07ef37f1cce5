using System.Net.Http.Headers;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>The last thing a request passes: it goes to the configured origin or nowhere, and only here does it get the token.</summary>
internal sealed class HubGatewayHandler(HubToken token, IOptions<HubOptions> options) : DelegatingHandler
{
    private static readonly string Version =
        typeof(HubGatewayHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (options.Value.Offline) throw new InvalidOperationException("No request leaves this process: it was started with --offline.");
        if (request.RequestUri is not { } uri || !options.Value.IsOwn(uri))
            throw new InvalidOperationException($"A request to {request.RequestUri?.Host} was stopped: only {options.Value.EndpointUri.Host} is asked.");
        Introduce(request.Headers, options.Value);
        request.Headers.Authorization = token.Current is { } secret ? new("Bearer", secret.Reveal()) : null;
        return base.SendAsync(request, cancellationToken);
    }

    public static void Introduce(HttpRequestHeaders headers, HubOptions options)
    {
        headers.UserAgent.Clear();
        headers.UserAgent.Add(new ProductInfoHeaderValue("ModelAtlas", Version));
        headers.UserAgent.Add(new ProductInfoHeaderValue($"(+{options.Contact})"));
    }
}
