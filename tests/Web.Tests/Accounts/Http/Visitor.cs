using System.Net;
using System.Text.RegularExpressions;

namespace ModelAtlas.Web.Tests.Accounts.Http;

/// <summary>A browser without a screen: keeps cookies whatever their flags, follows no redirect, sends forms with the token they were served with.</summary>
internal sealed partial class Visitor(Uri site, params (string Name, string Value)[] headers) : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }, disposeHandler: true);

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>The Set-Cookie lines of the last answer.</summary>
    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    public async Task<Answer> SendAsync(HttpMethod method, string path, IEnumerable<(string Name, string Value)>? form = null, params (string Name, string Value)[] more)
    {
        using var request = new HttpRequestMessage(method, new Uri(site.GetLeftPart(UriPartial.Authority) + path));
        if (form is not null) request.Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        if (Cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        foreach (var (name, value) in headers.Concat(more)) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        SetCookies = response.Headers.TryGetValues("Set-Cookie", out var lines) ? [.. lines] : [];
        foreach (var line in SetCookies) Keep(line);
        return new(response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers);
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] more) => SendAsync(HttpMethod.Get, path, form: null, more);

    /// <summary>Opens a page and sends its form <paramref name="handler"/>, or its plain form to <paramref name="action"/>.</summary>
    public async Task<Answer> SubmitAsync(string page, string? handler, IEnumerable<(string Name, string Value)> fields, string? action = null)
    {
        var token = await TokenAsync(page);
        return await SendAsync(HttpMethod.Post, action ?? page, [("__RequestVerificationToken", token), .. handler is null ? [] : new[] { ("_handler", handler) }, .. fields]);
    }

    public async Task<string> TokenAsync(string page)
    {
        var served = await GetAsync(page);
        var token = Token().Match(served.Body);
        Assert.True(token.Success, $"{page} answered {served.Status} without a form");
        return WebUtility.HtmlDecode(token.Groups[1].Value);
    }

    public Task<Answer> TrySignInAsync(string name, string password, string page = "/sign-in") =>
        SubmitAsync(page, "sign-in", [("Entry.Name", name), ("Entry.Password", password)]);

    public async Task<Visitor> SignedInAsync(string name, string password = AccountBench.Password)
    {
        Assert.Equal(HttpStatusCode.Redirect, (await TrySignInAsync(name, password)).Status);
        return this;
    }

    public void Dispose() => _client.Dispose();

    private void Keep(string line)
    {
        var pair = line.Split(';')[0].Split('=', 2);
        if (pair[1].Length == 0) Cookies.Remove(pair[0]);
        else Cookies[pair[0]] = pair[1];
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}

internal sealed record Answer(HttpStatusCode Status, string? Location, string Body, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public bool AsksToSignIn => Status is HttpStatusCode.Unauthorized || (Status is HttpStatusCode.Redirect && Location?.StartsWith("/sign-in?", StringComparison.Ordinal) is true);
}
