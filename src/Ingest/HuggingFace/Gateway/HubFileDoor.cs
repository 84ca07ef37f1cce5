using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>
/// Opens a file of a repository as a stream, from some byte on. The hub hands large files on to a store elsewhere: that one is followed when it is one of <see cref="HubOptions.ContentHosts"/>,
/// and it never gets the token.
/// </summary>
internal sealed class HubFileDoor(IHttpClientFactory clients, HubBudget budget, RetryPlan retries, TimeProvider clock, IOptions<HubOptions> options)
{
    public const string ContentClient = "hub-content";

    private static readonly HubFileStep _nowhere = new HubFileStep.Again("");

    /// <param name="commit">The only one whose content is taken.</param>
    /// <param name="etag">Which version the first <paramref name="from"/> bytes are of.</param>
    public async Task<HubFileStep> OpenAsync(Uri uri, string commit, long from, string? etag, CancellationToken cancellationToken)
    {
        if (options.Value.Offline) return new HubFileStep.Refused("Offline: nothing is fetched from the hub.");
        string? hash = null;
        for (var hops = 0; hops <= options.Value.MaxRedirects; hops++)
        {
            if (options.Value.IsOwn(uri))
                for (TimeSpan wait; (wait = budget.Take(HubQuestion.BucketOf(uri))) > TimeSpan.Zero;) await Task.Delay(wait, clock, cancellationToken);
            var (next, step) = await SendAsync(uri, commit, from, etag, hash, cancellationToken);
            if (next is null) return step;
            (uri, hash) = (next.To, next.Hash ?? hash);
        }
        return new HubFileStep.Refused($"The hub redirects more than {options.Value.MaxRedirects} times.");
    }

    private async Task<(Hop? Next, HubFileStep Step)> SendAsync(Uri uri, string commit, long from, string? etag, string? hash, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(options.Value.Deadline);
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            if (from > 0 && EntityTagHeaderValue.TryParse(etag, out var version))
            {
                request.Headers.Range = new(from, null);
                request.Headers.IfRange = new(version);
            }
            var own = options.Value.IsOwn(uri);
            response = await clients.CreateClient(own ? HubAttempt.ClientName : ContentClient).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (own) budget.Learn(response.Headers);
            if (own && Header(response, "X-Repo-Commit") is { } said && said != commit)
                return (null, new HubFileStep.Refused($"The hub answers from commit {HubStatus.Short(said)} instead of {commit}."));
            if (own) hash ??= Header(response, "X-Linked-Etag")?.Trim('"');
            if (response is { StatusCode: HttpStatusCode.OK or HttpStatusCode.PartialContent })
            {
                if (Opened(response, from, hash ?? (own ? response.Headers.ETag?.Tag.Trim('"') : null)) is not { } opened) return (null, new HubFileStep.Again("The answer is not the file that was asked for.") { Restarts = true });
                response = null; // the stream's reader has it now
                return (null, opened);
            }
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return (null, Other(response, uri, own));
            if (response.Headers.Location is not { } location || !Uri.TryCreate(uri, location, out var to)) return (null, new HubFileStep.Refused("The hub redirects to no address."));
            return options.Value.IsOwn(to) || options.Value.IsContent(to) ? (new(to, hash), _nowhere)
                : (null, new HubFileStep.Refused($"The hub hands the file on to {HubStatus.Short(to.Host)}, which is not followed: name it in Atlas__Hub__ContentHosts if it should be."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new HubFileStep.Again($"No answer within {options.Value.Deadline.TotalSeconds:0.#} s."));
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            return (null, new HubFileStep.Again($"The connection failed: {HubStatus.Short(failed.Message)}"));
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Null when the answer is packed, or begins at another byte than asked for.</summary>
    private static HubFileStep.Opened? Opened(HttpResponseMessage response, long from, string? hash)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0) return null;
        var start = response.StatusCode == HttpStatusCode.OK ? 0 : response.Content.Headers.ContentRange?.From;
        return start == 0 || start == from && from > 0 ? new(response, start.Value, response.Headers.ETag is { IsWeak: false, Tag: { Length: < 1000 } tag } ? tag : null, hash) : null;
    }

    private HubFileStep Other(HttpResponseMessage response, Uri uri, bool own)
    {
        var status = (int)response.StatusCode;
        if (status == 416) return new HubFileStep.Again("The hub has no such part of the file.") { Restarts = true };
        if (status == 429) return new HubFileStep.Again("The hub answers 429: too many requests.") { Wait = budget.Exhausted(response.Headers) ?? retries.RetryAfter(response.Headers) };
        if (HubStatus.Transient(response.StatusCode) is HubStep.Again again) return new HubFileStep.Again(again.Reason) { Wait = retries.RetryAfter(response.Headers) };
        // An address that the hub signed runs out: the hub gives another.
        if (!own) return new HubFileStep.Again($"The file's store {HubStatus.Short(uri.Host)} answers {status}.");
        return new HubFileStep.Refused(HubStatus.Final(response, uri) is HubStep.Done { Answer: { Outcome: var outcome, Detail: var detail } } ? Words(outcome, detail) : $"The hub answers {status}.");
    }

    private static string Words(HubOutcome outcome, string? detail) => outcome switch
    {
        HubOutcome.Gated => "Its files are handed out to whoever accepted its terms: accept them on the hub, and name a file with your access token in Atlas__Hub__TokenFile.",
        HubOutcome.BadToken => "The hub does not accept the token of Atlas__Hub__TokenFile: write a valid one into that file.",
        _ => $"{detail}.",
    };

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private sealed record Hop(Uri To, string? Hash);
}

/// <summary>What came of asking for a file.</summary>
internal abstract record HubFileStep
{
    /// <param name="From">The byte that the body begins with: 0, or what was asked for.</param>
    /// <param name="ETag">Strong, or null.</param>
    /// <param name="Hash">What the hub's headers say the content hashes to; may be anything.</param>
    public sealed record Opened(HttpResponseMessage Response, long From, string? ETag, string? Hash) : HubFileStep, IDisposable
    {
        public void Dispose() => Response.Dispose();
    }

    /// <param name="Reason">One sentence.</param>
    public sealed record Again(string Reason) : HubFileStep
    {
        public TimeSpan? Wait { get; init; }

        /// <summary>The bytes so far are of no use.</summary>
        public bool Restarts { get; init; }
    }

    public sealed record Refused(string Reason) : HubFileStep;
}
