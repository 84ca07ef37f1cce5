using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;
using ModelAtlas.Ingest.HuggingFace.Gateway;

namespace ModelAtlas.Ingest.Links;

/// <summary>
/// Fetches the small texts that cards point to. Everybody who can publish a model chooses these addresses, so they may lead nowhere but to public hosts: the handler
/// judges the address it connects to, each redirect is judged like the first link, and no token, cookie or proxy of ours is ever used.
/// </summary>
public sealed class GuardedFetch(IHttpClientFactory clients, IOptions<LinkOptions> options, TimeProvider clock)
{
    internal const string ClientName = "links";

    private const int MostRedirects = 3;
    private const int SlowestRate = 256;
    private static readonly string[] TextTypes = ["text/plain", "text/markdown", "text/x-markdown", "application/json"];

    private readonly LinkOptions _options = options.Value;

    /// <summary>What a link has to keep to before anybody is asked; tests put the canary's own rules here.</summary>
    internal Func<string, string?> Refuse { get; init; } = LinkRules.Refuse;

    public bool IsOn => _options.Fetch;

    public async Task<LinkReply> GetTextAsync(string url, CancellationToken cancellationToken)
    {
        if (!_options.Fetch) return LinkReply.Refused("links are not followed (Atlas:Links:Fetch)");
        using var deadline = new CancellationTokenSource(_options.Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await FollowAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return LinkReply.Refused($"it took longer than {_options.Deadline.TotalSeconds:0} seconds");
        }
        catch (Exception refused) when (GuardedClients.IsRefusal(refused))
        {
            return LinkReply.Refused("it does not lead to a public host");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException)
        {
            return LinkReply.Refused("its host did not answer");
        }
    }

    /// <summary>The one handler for these addresses: redirects are followed here, by <see cref="GuardedFetch"/>, and nothing is remembered between two requests.</summary>
    internal static HttpMessageHandler Handler(AntiSSRFPolicy policy)
    {
        policy.AddXFFHeader = false;
        policy.AddDeniedAddresses(["::/96"]); // an address of version 4 in the oldest spelling of version 6
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.MaxResponseHeadersLength = 64;
        return handler;
    }

    internal static void Introduce(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // the deadline covers the body as well
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ModelAtlas", typeof(GuardedFetch).Assembly.GetName().Version?.ToString(3)));
        client.DefaultRequestHeaders.Accept.ParseAdd(string.Join(", ", TextTypes));
    }

    private async Task<LinkReply> FollowAsync(string url, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        for (var hops = 0; hops <= MostRedirects; hops++)
        {
            if (Refuse(url) is { } refusal) return LinkReply.Refused(refusal);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return new(null, "nothing is there", IsAbsent: true);
            if (answer.StatusCode == HttpStatusCode.OK) return await ReadAsync(answer.Content, cancellationToken);
            if ((int)answer.StatusCode is < 300 or > 399 || answer.Headers.Location is not { } next) return LinkReply.Refused($"its host answered {(int)answer.StatusCode}");
            url = new Uri(new Uri(url), next).AbsoluteUri;
        }
        return LinkReply.Refused($"it was sent on more than {MostRedirects} times");
    }

    private async Task<LinkReply> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentType?.MediaType is { } type && !TextTypes.Contains(type, StringComparer.OrdinalIgnoreCase)) return LinkReply.Refused("it is no plain text");
        var (body, fault) = await HubBodyReader.ReadAsync(content, new(_options.LongestText, SlowestRate, TimeSpan.FromSeconds(2)), cancellationToken);
        using (body)
        {
            if (body is null) return LinkReply.Refused(fault == BodyFault.TooLarge ? $"it is longer than {_options.LongestText / 1024} KiB" : "its text came broken");
            return body.Bytes.Span.Contains((byte)0) ? LinkReply.Refused("it is no text") : new(Encoding.UTF8.GetString(body.Bytes.Span), null);
        }
    }
}
