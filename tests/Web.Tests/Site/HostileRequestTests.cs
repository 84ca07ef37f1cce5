using System.Diagnostics;
using System.Net;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Site;

public sealed class HostileRequestTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private static readonly string[] Values =
    [
        "%", "%25", "%25%25%25%25", "_", "%5C", "%5C%5C", "(", ")", "((((", "%26", "%00", "a%00b", "%0A", "%0D%0A", "%1B%5B31m", "%ED%A0%80", "%ED%B0%80", "%FF%FE", "%C0%AF", "%E2%80%AE", "%EF%BF%BF",
        "'", "%27%20OR%201=1--", "';DROP%20TABLE%20model;--", "1)%20UNION%20SELECT%20null--", "%22", "%3Cscript%3Ealert(1)%3C/script%3E", "%7B%7B7*7%7D%7D", "$%7Bjndi:ldap://x%7D", "../../etc/passwd",
        "..%2F..%2F", "%2e%2e%2f", "-1", "0", "1e309", "99999999999999999999", "NaN", "null", "undefined", "%F0%9F%92%A9", "a%CC%81%CC%81%CC%81", "%D0%BE", ",", ",,,,", "a,b,c,", "%5C,", "*", "?", "#", "+", "%20", "%2B",
    ];

    private static readonly string[] Keys = ["q", "class", "license", "task", "lib", "org", "lang", "tag", "params", "created", "gated", "sort", "dir", "page", "size"];

    private static readonly HttpStatusCode[] Fine = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.MovedPermanently];

    [Fact]
    public async Task WEB_12_DAT_12_Hostile_values_of_every_key_are_answered_soon_without_an_error_of_ours()
    {
        await fixture.Client.GetStringAsync("/models?q=first", TestContext.Current.CancellationToken); // the first page of a process is compiled
        List<string> wrong = [];
        foreach (var value in Values)
        {
            foreach (var key in Keys) await AskAsync($"/models?{key}={value}", wrong);
            await AskAsync($"/api/v1/models?q={value}&cursor={value}", wrong);
            await AskAsync($"/api/v1/models?license={value}&limit=2", wrong);
            await AskAsync($"/models/{value}/{value}", wrong);
            await AskAsync($"/models/{value}", wrong);
            await AskAsync($"/api/v1/models/{value}/{value}", wrong);
            await AskAsync($"/models?{value}=1", wrong);
            await AskAsync($"/licenses/{value}", wrong);
            await AskAsync($"/licenses?class={value}", wrong);
            await AskAsync($"/licenses?family={value}", wrong);
            await AskAsync($"/compare/licenses?l={value},mit&diff={value}", wrong);
            await AskAsync($"/compare/licenses.csv?l={value}", wrong);
            await AskAsync($"/licenses/check?m={value}&l={value}", wrong);
            await AskAsync($"/licenses/check?m=a/b&use={value}", wrong);
            await AskAsync($"/api/v1/licenses/{value}", wrong);
            await AskAsync($"/api/v1/licenses?limit={value}", wrong);
            await AskAsync($"/api/v1/licenses?cursor={value}", wrong);
            await AskAsync($"/api/v1/compare/licenses?l={value},gemma", wrong);
            await AskAsync($"/models/{value}/{value}/lineage", wrong);
            await AskAsync($"/models/bigscience/bloom/evidence?lens={value}", wrong);
        }
        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    [Fact]
    public async Task WEB_13_Long_lists_and_far_pages_are_refused_with_the_key_and_what_it_takes()
    {
        foreach (var (path, status, words) in new (string, HttpStatusCode, string)[]
        {
            ("/models?tag=" + string.Join(',', Enumerable.Range(0, 2_000)), HttpStatusCode.BadRequest, "tag</code> takes at most 50 values"),
            ("/models?" + string.Join('&', Enumerable.Range(0, 900).Select(number => $"tag={number}")), HttpStatusCode.BadRequest, "tag</code> takes at most 50 values"),
            ("/models?page=100000000000000000000", HttpStatusCode.BadRequest, "page</code> is a number from 1 to"),
            ("/models?page=2147483648", HttpStatusCode.BadRequest, "page</code> is a number from 1 to"),
            ("/models?page=1000000", HttpStatusCode.NotFound, "no such page"),
            ("/models?page=0", HttpStatusCode.BadRequest, "page</code> is a number from 1 to"),
            ("/models?page=1&page=2", HttpStatusCode.BadRequest, "page</code> takes one value"),
            ("/models?size=5000", HttpStatusCode.BadRequest, "size</code> is a number from 1 to 100"),
            ("/models?sort=downloads;drop", HttpStatusCode.BadRequest, "sort</code> is downloads, likes, trending, updated, created, params, name"),
            ("/models?dir=up", HttpStatusCode.BadRequest, "dir</code> is asc or desc"),
            ("/models?class=open", HttpStatusCode.BadRequest, "class</code> is open-source, open-weights, closed, none"),
            ("/models?params=7B..1B", HttpStatusCode.BadRequest, "params</code> is a range such as"),
            ("/models?created=yesterday", HttpStatusCode.BadRequest, "created</code> is a range of days"),
            ("/models?clas=closed", HttpStatusCode.BadRequest, "the keys are q, class, conf"),
            ("/models?q=" + new string('x', 201), HttpStatusCode.BadRequest, "q</code> is text of at most"),
            ("/models?q=a b c d e f g h i", HttpStatusCode.BadRequest, "q</code> is text of at most 8 words"),
        })
        {
            using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(words, page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    [InlineData("MADEUP")]
    public async Task WEB_12_Other_verbs_are_refused(string verb)
    {
        foreach (var path in new[] { "/", "/models", "/models/bigscience/bloom", "/api/v1/models" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path);
            using var answer = await fixture.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        }
    }

    [Fact]
    public async Task WEB_12_A_post_to_a_page_is_refused()
    {
        using var form = new FormUrlEncodedContent([new("_handler", "x"), new("a", "b")]);
        using var answer = await fixture.Client.PostAsync("/models", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task AskAsync(string path, List<string> wrong)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await fixture.Client.GetAsync(path, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (!Fine.Contains(answer.StatusCode)) wrong.Add($"{path}: {(int)answer.StatusCode}");
        if (watch.Elapsed > TimeSpan.FromSeconds(2)) wrong.Add($"{path}: took {watch.ElapsedMilliseconds} ms");
        if (body.Contains("   at ", StringComparison.Ordinal) || body.Contains("Exception", StringComparison.Ordinal)) wrong.Add($"{path}: shows an exception");
        if (answer.Content.Headers.ContentType?.MediaType == "text/html" && body.Contains("<script>alert", StringComparison.Ordinal)) wrong.Add($"{path}: gives markup back");
    }
}
