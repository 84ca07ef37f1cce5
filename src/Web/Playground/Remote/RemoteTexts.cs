using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;

namespace ModelAtlas.Web.Playground.Remote;

/// <summary>Has another host make the texts of an order, and tells its steps as if a model here had made them.</summary>
internal sealed class RemoteTexts(RemoteModels models, TimeProvider clock)
{
    private const int LongestError = 500;

    public async IAsyncEnumerable<TextStep> MakeAsync(TextOrder order, RemoteModel model, int mostNewTokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = models.Client(model.Host);
        var began = clock.GetTimestamp();
        long? first = null;
        using var request = new HttpRequestMessage(HttpMethod.Post, order.Chat is null ? "completions" : "chat/completions") { Content = JsonContent.Create(Body(order, model.Name, mostNewTokens)) };
        using var answer = await SendAsync(client, request, model, cancellationToken);
        var (counts, finishes, seeds) = (new int[order.Texts], new FinishReason?[order.Texts], new int?[order.Texts]);
        var (prompt, made) = (0, 0);
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(cancellationToken)).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]") break;
            foreach (var step in Read(item.Data, model))
            {
                if (step.Usage is { } usage) (prompt, made) = usage;
                if ((uint)step.Index >= (uint)order.Texts) continue;
                if (step.Finish is { } finish) finishes[step.Index] = finish;
                seeds[step.Index] ??= step.Seed;
                if (step.Tokens is { } tokens) counts[step.Index] = tokens;
                if (step.Text is not { Length: > 0 } text) continue;
                first ??= clock.GetTimestamp();
                counts[step.Index]++;
                yield return new TextStep.Piece(step.Index, new(0, [0], text) { Told = step.Told });
            }
        }
        var (prefill, decode) = first is { } heard ? (clock.GetElapsedTime(began, heard), clock.GetElapsedTime(heard)) : (clock.GetElapsedTime(began), TimeSpan.Zero);
        for (var index = 0; index < order.Texts; index++)
            yield return new TextStep.Done(index, new(
                0, finishes[index] ?? FinishReason.Cancelled, prompt, order.Texts == 1 && made > 0 ? made : counts[index], 0, seeds[index] ?? order.Sampling.Seed ?? 0, prefill.TotalMilliseconds, decode.TotalMilliseconds));
    }

    private static JsonObject Body(TextOrder order, string name, int mostNewTokens)
    {
        var body = order.Chat is { } chat ? JsonNode.Parse(chat.GetRawText())?.AsObject() ?? [] : new JsonObject { ["prompt"] = order.Prompt };
        body.Remove("add_generation_prompt");
        body["model"] = name;
        body["stream"] = true;
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        body["max_tokens"] = Math.Min(order.MaxNewTokens ?? mostNewTokens, mostNewTokens);
        if (order.Logprobs is { } alternatives)
        {
            body["logprobs"] = order.Chat is null ? alternatives : true;
            if (order.Chat is not null) body["top_logprobs"] = alternatives;
        }
        if (order.Texts > 1) body["n"] = order.Texts;
        if (order.Stop.Count > 0) body["stop"] = new JsonArray([.. order.Stop.Select(text => (JsonNode)text)]);
        var sampling = order.Sampling;
        if (sampling.Greedy) body["temperature"] = 0;
        Set("temperature", sampling.Temperature);
        Set("top_p", sampling.TopP);
        Set("top_k", sampling.TopK);
        Set("min_p", sampling.MinP);
        Set("repetition_penalty", sampling.RepetitionPenalty);
        Set("seed", sampling.Seed);
        return body;

        void Set(string field, double? value)
        {
            if (value is { } given) body[field] = given == Math.Floor(given) ? (long)given : given;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, RemoteModel model, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException)
        {
            throw new HostFailedException($"The host {model.Host.Name} does not answer: try again later, or ask another model.");
        }
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            var said = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw (int)answer.StatusCode switch
            {
                400 or 404 or 413 or 422 => new ModelRefusedException(Message(said) ?? $"The host {model.Host.Name} does not take this request."),
                429 => new BusyException($"The host {model.Host.Name} is busy: try again in a minute."),
                var status => new HostFailedException($"The host {model.Host.Name} answered {status}."),
            };
        }
    }

    private static string? Message(string json)
    {
        try
        {
            using var told = JsonDocument.Parse(json);
            return told.RootElement.GetProperty("error").GetProperty("message").GetString() is { Length: > 0 } message ? message[..Math.Min(message.Length, LongestError)] : null;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<Step> Read(string json, RemoteModel model)
    {
        try
        {
            using var chunk = JsonDocument.Parse(json, new() { MaxDepth = 32 });
            var root = chunk.RootElement;
            if (root.TryGetProperty("error", out _)) throw new HostFailedException(Message(json) ?? $"The host {model.Host.Name} failed in the middle.");
            List<Step> steps = [];
            if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object) steps.Add(new(-1) { Usage = (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()) });
            foreach (var choice in root.GetProperty("choices").EnumerateArray())
            {
                var text = choice.TryGetProperty("delta", out var delta) ? delta.TryGetProperty("content", out var content) ? content.GetString() : null : choice.TryGetProperty("text", out var whole) ? whole.GetString() : null;
                var finish = choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : null;
                steps.Add(new(choice.TryGetProperty("index", out var index) ? index.GetInt32() : 0)
                {
                    Text = text,
                    Finish = finish is null ? null : finish == "length" ? FinishReason.Length : FinishReason.Eos,
                    Seed = choice.TryGetProperty("seed", out var seed) && seed.TryGetInt32(out var number) ? number : null,
                    Tokens = choice.TryGetProperty("tokens", out var tokens) && tokens.TryGetInt32(out var count) ? count : null,
                    Told = choice.TryGetProperty("logprobs", out var told) ? RemoteLogprobs.Read(told) : null,
                });
            }
            return steps;
        }
        catch (Exception nonsense) when (nonsense is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new HostFailedException($"The host {model.Host.Name} said something that is no step of a text.");
        }
    }

    private sealed record Step(int Index)
    {
        public string? Text { get; init; }
        public FinishReason? Finish { get; init; }
        public int? Seed { get; init; }

        /// <summary>How many tokens the text has in the end, where the host is one of ours and says so.</summary>
        public int? Tokens { get; init; }

        public IReadOnlyList<ToldToken>? Told { get; init; }
        public (int Prompt, int Made)? Usage { get; init; }
    }
}
