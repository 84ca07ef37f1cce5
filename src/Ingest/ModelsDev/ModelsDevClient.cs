using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace.Gateway;

namespace ModelAtlas.Ingest.ModelsDev;

/// <summary>Fetches the one file there is to fetch, from the configured origin and nowhere else: no redirects, no cookies, bounded time and size.</summary>
internal sealed class ModelsDevClient(IHttpClientFactory clients, IOptions<ModelsDevOptions> options)
{
    public const string ClientName = "models.dev";

    /// <returns>The body, or a sentence about why there is none. The caller disposes of the body.</returns>
    public async Task<(HubBody? Body, string? Fault)> ListAsync(CancellationToken cancellationToken)
    {
        var (uri, limits) = (options.Value.ListUri, options.Value);
        if (limits.Offline) return (null, "Offline: nothing is fetched from models.dev.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limits.Deadline);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ModelAtlas", "1"));
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK) return (null, $"{uri} answers {(int)response.StatusCode}.");
            var (body, fault) = await HubBodyReader.ReadAsync(response.Content, new(limits.MaxBytes, 1024, limits.Deadline / 6), deadline.Token);
            return body is null ? (null, $"The answer of {uri} cannot be read: {fault}.") : (body, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"{uri} gave no complete answer within {limits.Deadline.TotalSeconds:0.#} s.");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            return (null, $"{uri} cannot be reached: {failed.Message}");
        }
    }
}
