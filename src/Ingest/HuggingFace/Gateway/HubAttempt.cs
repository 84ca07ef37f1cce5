using System.Net;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>One request and its answer, under one deadline that covers the body.</summary>
internal sealed class HubAttempt(IHttpClientFactory clients, HubBudget budget, RetryPlan retries, IOptions<HubOptions> options)
{
    public const string ClientName = "hub";

    public async Task<HubStep> SendAsync(Uri uri, HubQuestion question, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.Deadline);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            budget.Learn(response.Headers);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => await ReadAsync(response, uri, question, deadline.Token),
                HttpStatusCode.TooManyRequests => Throttled(response, "The hub answers 429: too many requests."),
                var status => HubStatus.Redirect(response, uri, options.Value) ?? HubStatus.Transient(status) ?? HubStatus.Final(response, uri),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HubStep.Again(HubOutcome.Unavailable, $"No complete answer within {options.Value.Deadline.TotalSeconds:0.#} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new HubStep.Again(HubOutcome.Unavailable, $"The connection failed: {HubStatus.Short(e.Message)}");
        }
    }

    private async Task<HubStep> ReadAsync(HttpResponseMessage response, Uri uri, HubQuestion question, CancellationToken cancellationToken)
    {
        var limits = new BodyLimits(question.MaxBytes, options.Value.MinimumRate, options.Value.Deadline / 6);
        var (body, fault) = await HubBodyReader.ReadAsync(response.Content, limits, cancellationToken);
        if (body is null) return Unreadable(fault, uri, question);

        if (Flaw(response, body, question) is { } flaw)
        {
            var refusal = HubJson.ErrorOf(body.Bytes.Span);
            body.Dispose();
            return refusal?.Contains("rate limit", StringComparison.OrdinalIgnoreCase) == true
                ? Throttled(response, "The hub answers 200 with a rate limit message.")
                : new HubStep.Again(HubOutcome.Unusable, flaw);
        }
        return new HubStep.Done(new(HubOutcome.Found, uri, body, Link: response.Headers.TryGetValues("Link", out var links) ? string.Join(", ", links) : null));
    }

    /// <summary>A body that only the end of the connection ends may be cut; one that parses as JSON is not.</summary>
    private static string? Flaw(HttpResponseMessage response, HubBody body, HubQuestion question)
    {
        var content = response.Content.Headers;
        if (content.ContentType?.MediaType is "text/html") return "The answer is a web page.";
        if (question.Flaw(body) is { } flaw) return flaw;
        var marked = content.ContentLength is not null || content.ContentEncoding.Count > 0 || response.Headers.TransferEncodingChunked == true || response.Version.Major > 1;
        return marked || HubJson.IsWhole(body.Bytes.Span) ? null : "Nothing marks the end of the answer, so it may be cut.";
    }

    private static HubStep Unreadable(BodyFault fault, Uri uri, HubQuestion question) => fault switch
    {
        BodyFault.TooLarge => new HubStep.Done(new(HubOutcome.TooLarge, uri, Detail: $"The answer is larger than {question.MaxBytes} bytes.")),
        BodyFault.Encoding => new HubStep.Done(new(HubOutcome.Unusable, uri, Detail: "The answer is packed in a way that was not asked for.")),
        BodyFault.TooSlow => new HubStep.Again(HubOutcome.Unavailable, "The answer comes too slowly."),
        _ => new HubStep.Again(HubOutcome.Unavailable, "The answer was cut."),
    };

    private HubStep.Again Throttled(HttpResponseMessage response, string reason)
    {
        TimeSpan?[] asked = [budget.Exhausted(response.Headers), retries.RetryAfter(response.Headers)];
        return new(HubOutcome.Busy, reason, asked.Max(), Throttled: true);
    }
}
