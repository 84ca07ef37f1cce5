using System.Net;
using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.HuggingFace.Gateway;

/// <summary>What the status and the error headers of an answer mean. The body of an error is not read.</summary>
internal static partial class HubStatus
{
    /// <summary>Redirects are followed by hand: HttpClient would drop the token on a rename, and would go anywhere.</summary>
    public static HubStep? Redirect(HttpResponseMessage response, Uri from, HubOptions options)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return null;
        return response.Headers.Location is { } location && Uri.TryCreate(from, location, out var target) && options.IsOwn(target) && target != from
            ? new HubStep.Moved(target)
            : new HubStep.Done(new(HubOutcome.Unusable, from, Detail: $"The hub redirects {from.AbsolutePath} to a place that is not followed."));
    }

    public static HubStep? Transient(HttpStatusCode status) =>
        (int)status is 408 or 425 or >= 500 ? new HubStep.Again(HubOutcome.Unavailable, $"The hub answers {(int)status}.") : null;

    public static HubStep Final(HttpResponseMessage response, Uri from)
    {
        var (code, message) = (Header(response, "X-Error-Code"), Header(response, "X-Error-Message"));
        var outcome = ((int)response.StatusCode, code) switch
        {
            (401 or 403, "GatedRepo") => HubOutcome.Gated,
            (401 or 403 or 404, "RepoNotFound") => HubOutcome.NotFound,
            (404, "EntryNotFound" or "RevisionNotFound") => HubOutcome.Absent,
            (401, _) => response.RequestMessage?.Headers.Authorization is null ? HubOutcome.NotPublic : HubOutcome.BadToken,
            (403, _) when message.Contains("disabled", StringComparison.OrdinalIgnoreCase) => HubOutcome.Disabled,
            (404, _) => HubOutcome.NotFound,
            (410, _) => HubOutcome.Gone,
            (451, _) => HubOutcome.Withdrawn,
            _ => HubOutcome.Refused,
        };
        var said = message.Length == 0 ? "" : $": {message}";
        return new HubStep.Done(new(outcome, from, Detail: $"The hub answers {(int)response.StatusCode} {code}{said}"));
    }

    /// <summary>Text of a stranger for a log line or a table: no control characters, nothing that looks like a token, not long.</summary>
    public static string Short(string text)
    {
        var clean = Token().Replace(string.Concat(text.Take(1000).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)), "hf_***");
        return clean.Length > 200 ? clean[..200] + "…" : clean;
    }

    [GeneratedRegex("hf_[A-Za-z0-9]{8,}", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Token();

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? Short(values.FirstOrDefault() ?? "") : "";
}
