using System.Text.Json.Serialization;

namespace ModelAtlas.Web.Playground.OpenAi;

internal sealed record ModelListAnswer(IReadOnlyList<ModelAnswer> Data)
{
    public string Object { get; init; } = "list";
}

internal sealed record ModelAnswer(string Id, long Created, string OwnedBy)
{
    public string Object { get; init; } = "model";
}

internal sealed record ErrorAnswer(ErrorBody Error);

internal sealed record ErrorBody(string Message, string Type, string? Param, string? Code);

internal sealed record UsageAnswer(int PromptTokens, int CompletionTokens)
{
    public int TotalTokens => PromptTokens + CompletionTokens;
}

/// <summary>A whole answer, or one step of it, of both kinds: <c>chat.completion</c>, <c>chat.completion.chunk</c> and <c>text_completion</c>.</summary>
internal sealed record CompletionAnswer(string Id, string Object, long Created, string Model, IReadOnlyList<Choice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageAnswer? Usage { get; init; }

    public string? SystemFingerprint { get; init; }
}

internal sealed record Choice(int Index)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatText? Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatText? Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    public object? Logprobs { get; init; }

    /// <summary>How the text ended; null while it goes on.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The seed that gives this text again; an addition of ours, in the last step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Seed { get; init; }

    /// <summary>How many tokens the text has; an addition of ours, in the last step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Tokens { get; init; }
}

internal sealed record ChatText(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content);

internal sealed record ChatLogprobs(IReadOnlyList<ChatTokenLogprob> Content);

internal sealed record ChatTokenLogprob(string Token, float Logprob, int[] Bytes, IReadOnlyList<ChatTokenLogprob>? TopLogprobs);

/// <summary>Of <c>text_completion</c>.</summary>
internal sealed record TextLogprobs(IReadOnlyList<string> Tokens, IReadOnlyList<float> TokenLogprobs, IReadOnlyList<Dictionary<string, float>> TopLogprobs, IReadOnlyList<int> TextOffset);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelListAnswer))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(CompletionAnswer))]
[JsonSerializable(typeof(ChatLogprobs))]
[JsonSerializable(typeof(TextLogprobs))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
