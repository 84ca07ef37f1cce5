using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Playground.Remote;

/// <summary>The models of other hosts that speak the OpenAI protocol, as the operator has set them; each is named <c>host/model</c> here.</summary>
internal sealed class RemoteModels(IHttpClientFactory clients, IOptions<InferenceOptions> options, TimeProvider clock, ILogger<RemoteModels> logger)
{
    public const string ClientName = "remote-models";

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (IReadOnlyList<string> Names, DateTimeOffset Until)> _listed = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<ServedModel>> ListAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(options.Value.Remote.Select(async host => (await NamesAsync(host, cancellationToken)).Select(name => Of(host, name))));
        return [.. lists.SelectMany(models => models)];
    }

    public async Task<ServedModel?> FindAsync(string id, CancellationToken cancellationToken) =>
        options.Value.Remote.Exists(host => id.StartsWith(host.Name + "/", StringComparison.OrdinalIgnoreCase))
            ? (await ListAsync(cancellationToken)).FirstOrDefault(model => string.Equals(model.Id, id, StringComparison.OrdinalIgnoreCase)) : null;

    /// <summary>A client that asks this host and nobody else, with its key.</summary>
    public HttpClient Client(RemoteHostOptions host)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = new(host.BaseUrl.TrimEnd('/') + "/");
        if (host.ApiKeyFile is { Length: > 0 } file) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(file).Trim());
        return client;
    }

    private static ServedModel Of(RemoteHostOptions host, string name) => new($"{host.Name}/{name}", "", DateTimeOffset.UnixEpoch, 0) { Remote = new(host, name) };

    /// <summary>What the host offers; nothing while it does not answer.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(RemoteHostOptions host, CancellationToken cancellationToken)
    {
        if (host.Models is { Length: > 0 } named) return named.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var now = clock.GetUtcNow();
        if (_listed.TryGetValue(host.Name, out var known) && now < known.Until) return known.Names;
        List<string> names = [];
        try
        {
            using var client = Client(host);
            client.Timeout = Patience;
            await using var answer = await client.GetStreamAsync("models", cancellationToken);
            using var list = await JsonDocument.ParseAsync(answer, new() { MaxDepth = 16 }, cancellationToken);
            names = [.. list.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).OfType<string>().Where(name => name.Length is > 0 and < 256).Take(1_000)];
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException or KeyNotFoundException or InvalidOperationException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            logger.LogWarning("The host {Name} does not list its models ({Kind})", host.Name, failure.GetType().Name);
        }
        _listed[host.Name] = (names, now + Freshness);
        return names;
    }
}

/// <param name="Name">As the host itself calls the model.</param>
internal sealed record RemoteModel(RemoteHostOptions Host, string Name);
