using System.ClientModel;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.Keys;
using OpenAI;
using OpenAI.Chat;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>The official client and hand-made requests against the real site, with a model that really generates.</summary>
public sealed class OpenAiProtocolTests(ShelfFixture shelf) : IClassFixture<ShelfFixture>
{
    private const string Prompt = """{"model":"acme/stories","prompt":"Once upon a time","max_tokens":12,"temperature":0}""";

    [Fact]
    public async Task The_official_client_lists_models_chats_and_streams()
    {
        var client = Client(Site());
        Assert.Contains((await client.GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken)).Value, model => model.Id == ShelfFixture.Model);
        var chat = client.GetChatClient(ShelfFixture.Model);
        ChatMessage[] messages = [new SystemChatMessage("Once upon"), new UserChatMessage("a time")];
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 20, Temperature = 0 };
        var whole = (await chat.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken)).Value;
        Assert.Equal((ChatFinishReason.Length, 20), (whole.FinishReason, whole.Usage.OutputTokenCount));
        Assert.True(whole.Content[0].Text.Length > 20, whole.Content[0].Text);

        var streamed = new StringBuilder();
        await foreach (var update in chat.CompleteChatStreamingAsync(messages, options, TestContext.Current.CancellationToken))
            foreach (var part in update.ContentUpdate) streamed.Append(part.Text);
        Assert.Equal(whole.Content[0].Text, streamed.ToString());
    }

    [Fact]
    public async Task The_model_that_comes_with_the_program_is_listed_first_and_answers_at_once()
    {
        var client = Client(Site());
        Assert.Equal(BuiltInModel.Id, (await client.GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken)).Value[0].Id);
        var answer = (await client.GetChatClient(BuiltInModel.Id).CompleteChatAsync([new UserChatMessage("Does CC BY-NC 4.0 allow commercial use?")], cancellationToken: TestContext.Current.CancellationToken)).Value;
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Matches("^No, .*CC BY-NC 4.0", answer.Content[0].Text);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_texts_and_each_of_several_has_its_own()
    {
        var body = Prompt.Replace("\"temperature\":0", "\"temperature\":1,\"seed\":5,\"n\":2,\"logprobs\":2", StringComparison.Ordinal);
        var first = await AnswerAsync(Site(), body);
        var choices = first["choices"]?.AsArray() ?? [];
        Assert.Equal([0, 1], choices.Select(choice => (int?)choice?["index"]));
        Assert.Equal([5, 6], choices.Select(choice => (int?)choice?["seed"]));
        Assert.NotEqual((string?)choices[0]?["text"], (string?)choices[1]?["text"]);
        Assert.Equal(12, choices[0]?["logprobs"]?["token_logprobs"]?.AsArray().Count);
        var again = await AnswerAsync(Site(), body);
        Assert.Equal(choices.Select(choice => (string?)choice?["text"]), (again["choices"]?.AsArray() ?? []).Select(choice => (string?)choice?["text"]));
    }

    [Theory]
    [InlineData("model", "null", "model")]
    [InlineData("model", "7", "model")]
    [InlineData("model", "\"no/such\"", "model")]
    [InlineData("prompt", "null", "prompt")]
    [InlineData("prompt", "[\"a\",\"b\"]", "prompt")]
    [InlineData("prompt", "\"\\ud800\"", "prompt")]
    [InlineData("temperature", "-0.1", "temperature")]
    [InlineData("temperature", "2.1", "temperature")]
    [InlineData("temperature", "\"1\"", "temperature")]
    [InlineData("temperature", "1e999", "temperature")]
    [InlineData("top_p", "0", "top_p")]
    [InlineData("top_p", "1.01", "top_p")]
    [InlineData("top_k", "-1", "top_k")]
    [InlineData("top_k", "1.5", "top_k")]
    [InlineData("min_p", "2", "min_p")]
    [InlineData("repetition_penalty", "0", "repetition_penalty")]
    [InlineData("max_tokens", "0", "max_tokens")]
    [InlineData("max_tokens", "1000000", "max_tokens")]
    [InlineData("max_tokens", "true", "max_tokens")]
    [InlineData("n", "0", "n")]
    [InlineData("n", "5", "n")]
    [InlineData("seed", "1.5", "seed")]
    [InlineData("seed", "\"7\"", "seed")]
    [InlineData("stop", "5", "stop")]
    [InlineData("stop", "[\"a\",1]", "stop")]
    [InlineData("stop", "\"\"", "stop")]
    [InlineData("stream", "\"yes\"", "stream")]
    [InlineData("logprobs", "21", "logprobs")]
    [InlineData("frequency_penalty", "1", "frequency_penalty")]
    [InlineData("presence_penalty", "0.5", "presence_penalty")]
    [InlineData("best_of", "3", "best_of")]
    [InlineData("suffix", "\"end\"", "suffix")]
    [InlineData("echo", "true", "echo")]
    public async Task PLAY_09_A_value_that_cannot_be_is_refused_by_the_name_of_its_field(string field, string value, string named)
    {
        var fields = new Dictionary<string, string> { ["model"] = "\"acme/stories\"", ["prompt"] = "\"Once\"", ["max_tokens"] = "3", [field] = value };
        using var answer = await PostAsync(Site(), "/v1/completions", $"{{{string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}");
        Assert.Equal(field == "model" && value.Contains("such", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(named, (string?)(await JsonAsync(answer))["error"]?["param"]);
    }

    [Fact]
    public async Task PLAY_03_A_request_beyond_the_limit_is_refused_before_it_is_read()
    {
        using var answer = await PostAsync(Site(), "/v1/completions", Prompt.Replace("Once", new string('a', 300_000), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task PLAY_01_A_site_for_its_people_only_asks_for_a_key_and_a_revoked_one_is_none()
    {
        _ = Site();
        await using var site = await shelf.StartAsync("--Atlas:Playground:OpenToAll=false");
        using var refused = await PostAsync(site, "/v1/completions", Prompt);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("invalid_api_key", (string?)(await JsonAsync(refused))["error"]?["code"]);

        Assert.Null(await site.Services.GetRequiredService<AccountWriter>().CreateAsync("player", "correct horse battery", AccountRole.Player, TestContext.Current.CancellationToken));
        var account = (await site.Services.GetRequiredService<AccountReader>().ListAsync(TestContext.Current.CancellationToken)).Single();
        var keys = site.Services.GetRequiredService<ApiKeys>();
        var (key, _) = await keys.CreateAsync(account.Id, "a test", TestContext.Current.CancellationToken);
        Assert.NotNull((await Client(site, key).GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken)).Value);
        var stored = Assert.Single(await keys.ListAsync(account.Id, TestContext.Current.CancellationToken));
        Assert.NotNull(stored.LastUsedAt);

        await keys.RevokeAsync(account.Id, stored.Prefix, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ClientResultException>(() => Client(site, key).GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task PLAY_01_A_site_with_a_public_name_is_closed_to_strangers_although_it_listens_on_this_machine()
    {
        _ = Site();
        await using var site = await shelf.StartAsync("--Atlas:PublicHost=atlas.example.org");
        using var refused = await PostAsync(site, "/v1/completions", Prompt);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_process_for_inference_alone_answers_the_protocol_and_shows_no_page()
    {
        _ = Site();
        await using var host = await RunningSite.StartAsync(await shelf.DatabaseAsync(), "Inference", [$"--Atlas:Data={shelf.Folder}"]);
        Assert.Equal(12, (int?)(await AnswerAsync(host, Prompt))["usage"]?["completion_tokens"]);
        using var page = await host.Client.GetAsync("/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task Another_site_may_not_ask_in_a_visitor_s_name()
    {
        using var request = Request("/v1/completions", Prompt);
        request.Headers.Add("Origin", "https://evil.example");
        using var answer = await Site().Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task PLAY_06_A_run_is_its_visitor_s_alone()
    {
        using var begun = await PostAsync(Site(), "/playground/runs", Prompt);
        var id = (string?)(await JsonAsync(begun))["id"];
        var cookie = Assert.Single(begun.Headers.GetValues("Set-Cookie")).Split(';')[0];
        using var stranger = await Site().Client.GetAsync($"/playground/runs/{id}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        using var stop = await Site().Client.PostAsync($"/playground/runs/{id}/stop", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, stop.StatusCode);

        var heard = await HearAsync(id, cookie, null);
        Assert.Contains("\"is\":\"end\"", heard, StringComparison.Ordinal);
        Assert.Contains("Once upon a time", heard, StringComparison.Ordinal); // the exact prompt
        var rest = await HearAsync(id, cookie, "4"); // who was cut off hears what is left
        Assert.EndsWith(rest.TrimEnd(), heard.TrimEnd(), StringComparison.Ordinal);
        Assert.True(rest.Length < heard.Length);
    }

    [Fact]
    public async Task A_model_of_another_host_is_listed_and_asked_as_if_it_were_here()
    {
        _ = Site();
        await using var other = AtlasProcess.Start(["up", "--offline", "--port", "0"], new Dictionary<string, string> { ["Atlas__Data"] = shelf.Folder, ["ConnectionStrings__Atlas"] = await shelf.DatabaseAsync() });
        await other.ReadyAsync();
        await using var site = await shelf.StartAsync($"--Atlas:Data={Path.Combine(shelf.Folder, "empty")}", "--Atlas:Inference:Remote:0:Name=far", $"--Atlas:Inference:Remote:0:BaseUrl={other.Address}v1");
        var client = Client(site);
        Assert.Equal(["modelatlas/built-in", "far/modelatlas/built-in", "far/acme/stories"], (await client.GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken)).Value.Select(model => model.Id));
        var here = await AnswerAsync(Site(), Prompt);
        var there = await AnswerAsync(site, Prompt.Replace("acme/stories", "far/acme/stories", StringComparison.Ordinal));
        Assert.Equal((string?)here["choices"]?[0]?["text"], (string?)there["choices"]?[0]?["text"]);
        Assert.Equal((int?)here["usage"]?["prompt_tokens"], (int?)there["usage"]?["prompt_tokens"]);
        using var refused = await PostAsync(site, "/v1/completions", Prompt.Replace("acme/stories", "far/no/such", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    private RunningSite Site()
    {
        Assert.SkipWhen(shelf.Site is null, SharedData.SkipMessage("models/stories260K"));
        return shelf.Site;
    }

    private static OpenAIClient Client(RunningSite site, string? key = null) => new(new ApiKeyCredential(key ?? "none"), new() { Endpoint = new(site.Address, "v1") });

    private async Task<string> HearAsync(string? id, string cookie, string? after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/playground/runs/{id}");
        request.Headers.Add("Cookie", cookie);
        if (after is not null) request.Headers.Add("Last-Event-ID", after);
        using var answer = await Site().Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static HttpRequestMessage Request(string path, string json) => new(HttpMethod.Post, path) { Content = new StringContent(json, new MediaTypeHeaderValue("application/json")) };

    private static async Task<HttpResponseMessage> PostAsync(RunningSite site, string path, string json)
    {
        using var request = Request(path, json);
        return await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonNode> AnswerAsync(RunningSite site, string json)
    {
        using var answer = await PostAsync(site, "/v1/completions", json);
        var body = await JsonAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, body.ToJsonString());
        return body;
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) ?? new JsonObject();
}
