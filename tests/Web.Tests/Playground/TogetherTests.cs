using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>Comparisons as the page asks for them, with models that really generate.</summary>
public sealed class TogetherTests(ShelfFixture shelf) : IClassFixture<ShelfFixture>
{
    private const string Long = """{"model":"acme/stories","prompt":"Once upon a time","max_tokens":400,"temperature":1.2,"seed":3}""";
    private const string Other = """{"model":"acme/stories","prompt":"Once upon a time","max_tokens":400,"temperature":1.9,"seed":4}""";

    [Fact]
    public async Task One_model_with_two_settings_generates_both_texts_at_the_same_time()
    {
        var site = Site();
        await RunAsync(site, Long, Other); // the model is in memory now
        var (left, right) = await RunAsync(site, Long, Other);
        // Both began at one moment. One behind the other, the first word of one would come after the last of the other.
        Assert.True(First(right) < First(left) + Decode(left), $"{right}\n{left}");
        Assert.True(First(left) < First(right) + Decode(right), $"{right}\n{left}");
    }

    [Fact]
    public async Task Two_models_that_do_not_fit_together_run_one_after_the_other_and_say_so()
    {
        var source = SharedData.Find("models/stories260K");
        Assert.SkipWhen(source is null, SharedData.SkipMessage("models/stories260K"));
        string[] ids = [EndlessModel.Id, "acme/second"];
        foreach (var id in ids) await shelf.AddAsync(id, await EndlessModel.FilesAsync(source, TestContext.Current.CancellationToken));
        await using var site = await shelf.StartAsync("--Atlas:Inference:MemoryBytes=536870912", "--Atlas:Playground:MostNewTokens=30000"); // each is planned with a little more than half of the memory
        foreach (var id in ids) // their graphs are written once, which takes longer than a text
            using (await site.Client.PostAsync("/v1/completions", new StringContent($$"""{"model":"{{id}}","prompt":"Once","max_tokens":1}""", new MediaTypeHeaderValue("application/json")), TestContext.Current.CancellationToken))
            {
            }
        string[] orders = [.. ids.Select(id => $$"""{"model":"{{id}}","prompt":"Once","max_tokens":12000,"temperature":1}""")];
        var (left, right, heard) = await HearAsync(site, orders[0], orders[1]);
        Assert.Contains("\"is\":\"makes-way\"", heard, StringComparison.Ordinal);
        Assert.True((int?)left["new_tokens"] > 0 && (int?)right["new_tokens"] > 0, heard);
    }

    [Fact]
    public async Task Either_both_begin_or_neither_and_what_is_wrong_names_its_side()
    {
        using var refused = await PostAsync(Site(), Both(Long, Other.Replace("1.9", "9", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("runs[1].temperature", (string?)(await JsonAsync(refused))["error"]?["param"]);
        using var unknown = await PostAsync(Site(), Both(Long.Replace("acme/stories", "no/such", StringComparison.Ordinal), Other));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("runs[0].model", (string?)(await JsonAsync(unknown))["error"]?["param"]);
        foreach (var body in new[] { $$"""{"runs":[{{Long}}]}""", $$"""{"runs":[{{Long}},{{Long}},{{Long}}]}""", """{"runs":[1,2]}""", """{"runs":{}}""", "{}" })
        {
            using var strange = await PostAsync(Site(), body);
            Assert.Equal(HttpStatusCode.BadRequest, strange.StatusCode);
        }
    }

    private static double First(JsonNode done) => (double?)done["first_ms"] ?? double.NaN;

    private static double Decode(JsonNode done) => (double?)done["decode_ms"] ?? double.NaN;

    private static string Both(string left, string right) => $$"""{"runs":[{{left}},{{right}}]}""";

    private static async Task<(JsonNode Left, JsonNode Right)> RunAsync(RunningSite site, string left, string right)
    {
        var (first, second, _) = await HearAsync(site, left, right);
        return (first, second);
    }

    private static async Task<(JsonNode Left, JsonNode Right, string Heard)> HearAsync(RunningSite site, string left, string right)
    {
        using var begun = await PostAsync(site, Both(left, right));
        var told = await JsonAsync(begun);
        Assert.True(begun.IsSuccessStatusCode, told.ToJsonString());
        var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie")).Split(';')[0];
        var heard = await Task.WhenAll((told["ids"]?.AsArray() ?? []).Select(id => ListenAsync(site, (string?)id, cookie)));
        return (Done(heard[0]), Done(heard[1]), string.Concat(heard));
    }

    private static JsonNode Done(string heard)
    {
        var line = heard.Split('\n').FirstOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal) && line.Contains("\"is\":\"done\"", StringComparison.Ordinal));
        Assert.True(line is not null, heard);
        return JsonNode.Parse(line["data:".Length..]) ?? new JsonObject();
    }

    private static async Task<string> ListenAsync(RunningSite site, string? id, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/playground/runs/{id}");
        request.Headers.Add("Cookie", cookie);
        using var answer = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningSite site, string body) =>
        site.Client.PostAsync("/playground/runs/together", new StringContent(body, new MediaTypeHeaderValue("application/json")), TestContext.Current.CancellationToken);

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) ?? new JsonObject();

    private RunningSite Site()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        return shelf.Site;
    }
}
