using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.HuggingFace.Gateway;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Asks the hub. Answers are wire records; everything that can be expected to go wrong is an outcome, not an exception.</summary>
public sealed class HubClient
{
    private readonly HubGateway _gateway;
    private readonly HubOptions _options;

    internal HubClient(HubGateway gateway, IOptions<HubOptions> options) => (_gateway, _options) = (gateway, options.Value);

    /// <param name="question">From <see cref="HubListing.First"/> or <see cref="HubPage.Next"/>.</param>
    public async Task<HubReply<HubPage>> ListAsync(string question, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(_options.EndpointUri, question, out var uri) || !_options.IsOwn(uri)) return new(HubOutcome.Refused, null, "The stored cursor is no question to this hub.");
        var answer = await _gateway.AskAsync(new(uri, _options.ListBytes, patience, NoList), cancellationToken);
        if (answer.Body is not { } body) return Other<HubPage>(answer);
        using (body)
        {
            var (next, stopped) = HubLink.Next(answer.Link, answer.From, _options);
            return new(HubOutcome.Found, HubPageReader.Read(body.Bytes, question, next, stopped));
        }
    }

    /// <summary>One model with sizes and hashes of its files.</summary>
    public async Task<HubReply<HubModel>> GetModelAsync(string id, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Path(id) is not { } path) return new(HubOutcome.NotFound, null, "The id is none that the hub could have.");
        var answer = await _gateway.AskAsync(new(new(_options.EndpointUri, $"api/models/{path}?blobs=true"), _options.DetailBytes, patience, NoRepo), cancellationToken);
        if (answer.Body is not { } body) return Other<HubModel>(answer);
        using (body)
        {
            return HubModelReader.TryRead(body.Bytes.Span, trusted: false, out var model, [], out var reason)
                ? new(HubOutcome.Found, model, MovedTo: model.Id == id ? null : model.Id)
                : new(HubOutcome.Unusable, null, $"The answer about {id} is no model: {reason}");
        }
    }

    public async Task<HubReply<HubDataset>> GetDatasetAsync(string id, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Path(id) is not { } path) return new(HubOutcome.NotFound, null, "The id is none that the hub could have.");
        var answer = await _gateway.AskAsync(new(new(_options.EndpointUri, $"api/datasets/{path}"), _options.DetailBytes, patience, NoRepo), cancellationToken);
        if (answer.Body is not { } body) return Other<HubDataset>(answer);
        using (body)
        {
            return HubDatasetReader.TryRead(body.Bytes.Span, out var dataset, [], out var reason)
                ? new(HubOutcome.Found, dataset, MovedTo: dataset.Id == id ? null : dataset.Id)
                : new(HubOutcome.Unusable, null, $"The answer about {id} is no dataset: {reason}");
        }
    }

    /// <summary>The README as it is, at <paramref name="revision"/> or on the main branch.</summary>
    public Task<HubReply<string>> GetCardAsync(string id, string? revision, TimeSpan patience, CancellationToken cancellationToken) => GetTextAsync(id, "README.md", revision, patience, cancellationToken);

    /// <summary>A small text file of the repository's root.</summary>
    public async Task<HubReply<string>> GetTextAsync(string id, string file, string? revision, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Path(id) is not { } path) return new(HubOutcome.NotFound, null, "The id is none that the hub could have.");
        var uri = new Uri(_options.EndpointUri, $"{path}/raw/{Uri.EscapeDataString(revision ?? "main")}/{Uri.EscapeDataString(file)}");
        var answer = await _gateway.AskAsync(new(uri, _options.CardBytes, patience, _ => null), cancellationToken);
        if (answer.Body is not { } body) return Other<string>(answer);
        using (body) return new(HubOutcome.Found, Encoding.UTF8.GetString(body.Bytes.Span));
    }

    private static HubReply<T> Other<T>(HubAnswer answer) where T : class => new(answer.Outcome, null, answer.Detail, RetryAt: answer.RetryAt);

    private static string? NoList(HubBody body) => HubList.TrySplit(body.Bytes, out _) ? null : "The answer is not a JSON list.";

    private static string? NoRepo(HubBody body) =>
        HubJson.Root(body.Bytes.Span) != JsonTokenType.StartObject ? "The answer is not a JSON object."
        : HubJson.ErrorOf(body.Bytes.Span) is { } error ? $"The answer is an error: {error}"
        : null;

    /// <summary>An id becomes one or two path segments, never more, never a step up.</summary>
    private static string? Path(string id)
    {
        var segments = id.Split('/');
        return id.Length <= 256 && segments.Length <= 2 && segments.All(segment => segment is not ("" or "." or ".."))
            ? string.Join('/', segments.Select(Uri.EscapeDataString))
            : null;
    }
}
