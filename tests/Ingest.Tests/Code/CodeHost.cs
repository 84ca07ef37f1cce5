using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.Links;

namespace ModelAtlas.Ingest.Tests.Code;

/// <summary>A code host that answers from a list of texts by URL, and remembers what it was asked.</summary>
internal sealed class CodeHost(Dictionary<string, string> texts) : HttpMessageHandler, IHttpClientFactory
{
    public ConcurrentQueue<string> Asked { get; } = [];

    public CodeReader Reader() => new(new(this, Options.Create(new LinkOptions()), TimeProvider.System), TimeProvider.System);

    public HttpClient CreateClient(string name)
    {
        Assert.Equal(GuardedFetch.ClientName, name);
#pragma warning disable RS0030 // this is the factory
        return new(this, disposeHandler: false);
#pragma warning restore RS0030
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri?.AbsoluteUri ?? "";
        Asked.Enqueue(url);
        return Task.FromResult(texts.TryGetValue(url, out var text)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "text/plain") }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
