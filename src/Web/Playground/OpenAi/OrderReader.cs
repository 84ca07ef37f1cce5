using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Generation;

namespace ModelAtlas.Web.Playground.OpenAi;

/// <summary>A request in the OpenAI protocol (https://platform.openai.com/docs/api-reference), with <c>top_k</c>, <c>min_p</c> and <c>repetition_penalty</c> as other servers add them.</summary>
internal sealed class OrderReader(JsonElement body, PlaygroundOptions limits)
{
    private const int MostStops = 16;
    private const int LongestStop = 200;
    private const int MostMessages = 1_000;

    public bool Streams => Flag("stream") ?? false;

    public bool WithUsage => body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;

    public string ModelName => Text("model") ?? throw new ApiException(400, "model is missing: name one of GET /v1/models.", "model");

    public string? User => Text("user");

    /// <exception cref="ApiException">A value that cannot be; it names the field.</exception>
    public TextOrder Chat(ServedModel model)
    {
        Refuse("functions", "function_call");
        var shared = Shared(model, "max_completion_tokens");
        var wanted = Flag("logprobs") ?? false;
        var alternatives = Whole("top_logprobs", 0, 20);
        if (alternatives is not null && !wanted) throw new ApiException(400, "top_logprobs needs logprobs to be true.", "top_logprobs");
        var chat = new JsonObject { ["messages"] = Messages(), ["add_generation_prompt"] = true };
        if (body.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array) chat["tools"] = JsonNode.Parse(tools.GetRawText());
        return shared with { Chat = JsonSerializer.SerializeToElement(chat), Logprobs = wanted ? alternatives ?? 0 : null };
    }

    /// <inheritdoc cref="Chat"/>
    public TextOrder Completion(ServedModel model)
    {
        Refuse("suffix", "echo");
        if (Whole("best_of", 1, 1) is null && Present("best_of")) throw new ApiException(400, "best_of can be 1 only.", "best_of");
        if (!body.TryGetProperty("prompt", out var prompt)) throw new ApiException(400, "prompt is missing: give the text to go on from.", "prompt");
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() == 1) prompt = prompt[0];
        if (prompt.ValueKind != JsonValueKind.String) throw new ApiException(400, "prompt has to be one text.", "prompt");
        return Shared(model, "max_tokens") with { Prompt = Read(prompt, "prompt"), Logprobs = Whole("logprobs", 0, 20) };
    }

    private TextOrder Shared(ServedModel model, string most)
    {
        if (Real("frequency_penalty", -2, 2) is not (null or 0)) throw new ApiException(400, "frequency_penalty can be 0 only: use repetition_penalty.", "frequency_penalty");
        if (Real("presence_penalty", -2, 2) is not (null or 0)) throw new ApiException(400, "presence_penalty can be 0 only: use repetition_penalty.", "presence_penalty");
        if (Present("logit_bias") && body.GetProperty("logit_bias") is not { ValueKind: JsonValueKind.Object } bias) throw new ApiException(400, "logit_bias is not known here: leave it out.", "logit_bias");
        if (body.TryGetProperty("response_format", out var format) && format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && !type.ValueEquals("text"))
            throw new ApiException(400, "response_format can be text only.", "response_format");
        var temperature = Real("temperature", 0, 2);
        var sampling = new SamplingWish(temperature == 0, temperature, Whole("top_k", 0, int.MaxValue), Real("top_p", double.Epsilon, 1), Real("min_p", 0, 1), Real("repetition_penalty", 0.01, 100), Seed());
        return new(model, temperature == 0 ? new(Greedy: true) : sampling)
        {
            MaxNewTokens = Whole(most, 1, limits.MostNewTokens) ?? Whole("max_tokens", 1, limits.MostNewTokens),
            Stop = Stops(),
            Texts = Whole("n", 1, limits.MostTexts) ?? 1,
        };
    }

    private int? Seed() => Present("seed") ? body.GetProperty("seed") is { ValueKind: JsonValueKind.Number } seed && seed.TryGetInt64(out var whole) ? unchecked((int)whole) : throw new ApiException(400, "seed has to be a whole number.", "seed") : null;

    private List<string> Stops()
    {
        if (!Present("stop")) return [];
        var stop = body.GetProperty("stop");
        List<JsonElement> given = stop.ValueKind == JsonValueKind.Array ? [.. stop.EnumerateArray()] : [stop];
        if (given.Count > MostStops || given.Exists(text => text.ValueKind != JsonValueKind.String)) throw new ApiException(400, $"stop has to be a text, or a list of at most {MostStops}.", "stop");
        List<string> stops = [.. given.Select(text => Read(text, "stop"))];
        return stops.TrueForAll(text => text.Length is > 0 and <= LongestStop) ? stops : throw new ApiException(400, $"stop has to hold texts of 1 to {LongestStop} characters.", "stop");
    }

    private JsonArray Messages()
    {
        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is 0 or > MostMessages)
            throw new ApiException(400, $"messages has to be a list of 1 to {MostMessages} messages.", "messages");
        var read = new JsonArray();
        foreach (var (index, message) in messages.EnumerateArray().Index())
        {
            var field = $"messages[{index}]";
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String) throw new ApiException(400, $"{field} has no role.", field);
            if (Read(role, field) is not ("system" or "developer" or "user" or "assistant" or "tool") and var strange) throw new ApiException(400, $"{field} has the role \"{strange}\": use system, user, assistant or tool.", field);
            var node = JsonNode.Parse(message.GetRawText())?.AsObject() ?? [];
            if (role.ValueEquals("developer")) node["role"] = "system";
            node["content"] = Content(message, field);
            read.Add(node);
        }
        return read;
    }

    private static string Content(JsonElement message, string field)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null) return "";
        if (content.ValueKind == JsonValueKind.String) return Read(content, field);
        if (content.ValueKind != JsonValueKind.Array) throw new ApiException(400, $"{field}.content has to be a text.", field);
        return string.Concat(content.EnumerateArray().Select(part =>
            part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("text") && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
                ? Read(text, field) : throw new ApiException(400, $"{field}.content can hold parts of the type text only.", field)));
    }

    private void Refuse(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
            if (Present(field) && body.GetProperty(field).ValueKind != JsonValueKind.False) throw new ApiException(400, $"{field} is not known here: leave it out.", field);
    }

    private bool Present(string field) => body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    private string? Text(string field) => !Present(field) ? null : body.GetProperty(field) is { ValueKind: JsonValueKind.String } text ? Read(text, field) : throw new ApiException(400, $"{field} has to be a text.", field);

    private bool? Flag(string field) => !Present(field) ? null : body.GetProperty(field).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ApiException(400, $"{field} has to be true or false.", field),
    };

    private double? Real(string field, double least, double most) => !Present(field) ? null
        : body.GetProperty(field) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && value >= least && value <= most ? value
        : throw new ApiException(400, $"{field} has to be a number {(least is double.Epsilon ? "above 0" : $"from {least}")} to {most}.", field);

    private int? Whole(string field, int least, int most) => !Present(field) ? null
        : body.GetProperty(field) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) && value >= least && value <= most ? value
        : throw new ApiException(400, $"{field} has to be a whole number from {least} to {most}.", field);

    private static string Read(JsonElement text, string field)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            throw new ApiException(400, $"{field} holds half a character.", field);
        }
    }
}
