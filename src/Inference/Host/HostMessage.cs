using System.Text.Json;
using System.Text.Json.Serialization;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Models;

namespace ModelAtlas.Inference.Host;

/// <summary>What the site and the process of a model say to each other.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(HelloMessage), "hello")]
[JsonDerivedType(typeof(LoadMessage), "load")]
[JsonDerivedType(typeof(LoadedMessage), "loaded")]
[JsonDerivedType(typeof(GenerateMessage), "generate")]
[JsonDerivedType(typeof(CancelMessage), "cancel")]
[JsonDerivedType(typeof(PromptMessage), "prompt")]
[JsonDerivedType(typeof(PieceMessage), "piece")]
[JsonDerivedType(typeof(DoneMessage), "done")]
[JsonDerivedType(typeof(RefusedMessage), "refused")]
[JsonDerivedType(typeof(StatsMessage), "stats")]
public abstract record HostMessage
{
    /// <summary>Both sides come from one build; a remote one may not.</summary>
    public const int Version = 2;
}

/// <summary>Child: the first thing it says.</summary>
public sealed record HelloMessage(int Protocol) : HostMessage;

/// <summary>Parent: the first thing it asks.</summary>
public sealed record LoadMessage(string Path, LoadOptions Options) : HostMessage
{
    /// <summary>How likely the model finds a known text is wanted once it is in memory.</summary>
    public bool Scores { get; init; }
}

/// <summary>Child: the model is in memory.</summary>
/// <param name="Bytes">What it is expected to take of it.</param>
public sealed record LoadedMessage(string Device, string Reason, string Weights, int Vocabulary, int Context, double Seconds, bool Chats, long Bytes) : HostMessage
{
    /// <summary>Mean of -ln p over the known text, where it was wanted.</summary>
    public double? Likelihood { get; init; }
}

/// <summary>Parent: go on from a prompt, which is ids, or text, or a chat request for the model's template.</summary>
public sealed record GenerateMessage(long Id, SamplingWish Sampling) : HostMessage
{
    public IReadOnlyList<int>? Ids { get; init; }
    public string? Text { get; init; }
    public JsonElement? Chat { get; init; }
    public int? MaxNewTokens { get; init; }
    public IReadOnlyList<string> Stop { get; init; } = [];
    public int? Logprobs { get; init; }

    /// <summary>Which of several texts of one request: the first goes before further ones of others.</summary>
    public int Index { get; init; }

    /// <summary>A <see cref="PromptMessage"/> is wanted before the first step.</summary>
    public bool TellsPrompt { get; init; }
}

/// <summary>Parent: stop that one.</summary>
public sealed record CancelMessage(long Id) : HostMessage;

/// <summary>Child: the prompt as the model reads it, control tokens and all.</summary>
public sealed record PromptMessage(long Id, string Text, int Tokens) : HostMessage;

/// <summary>Child: what a text has grown by since it was told of last, which may be several tokens.</summary>
public sealed record PieceMessage(long Id, IReadOnlyList<int> Tokens, string Text) : HostMessage
{
    /// <summary>One for each of the tokens, where probabilities are wanted.</summary>
    public IReadOnlyList<ToldToken>? Told { get; init; }
}

/// <summary>A token and how likely the model found it.</summary>
/// <param name="Text">What it adds to the text; empty while a letter or a stop string is incomplete.</param>
public sealed record ToldToken(string Text, float LogProbability, IReadOnlyList<TokenLogProbability> Alternatives);

/// <summary>Child: the text is complete.</summary>
public sealed record DoneMessage(long Id, FinishReason Finish, int PromptTokens, int NewTokens, int Reused, int Seed, double PrefillMs, double DecodeMs) : HostMessage;

/// <summary>Child: the model cannot be loaded (no id), or the prompt not be taken.</summary>
public sealed record RefusedMessage(long? Id, string Reason) : HostMessage
{
    public bool LacksMemory { get; init; }
}

/// <summary>Child: it is alive. Comes every second.</summary>
public sealed record StatsMessage(int Running, int Waiting, long Bytes) : HostMessage;

[JsonSerializable(typeof(HostMessage))]
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    MaxDepth = 64)]
internal sealed partial class HostJson : JsonSerializerContext;
