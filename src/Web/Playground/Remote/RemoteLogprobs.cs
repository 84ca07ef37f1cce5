using System.Text.Json;
using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;

namespace ModelAtlas.Web.Playground.Remote;

/// <summary>Probabilities as the protocol tells them: of chats and of texts to go on from, each in a way of its own.</summary>
internal static class RemoteLogprobs
{
    /// <summary>Null where the host tells none.</summary>
    public static IReadOnlyList<ToldToken>? Read(JsonElement told)
    {
        if (told.ValueKind != JsonValueKind.Object) return null;
        if (told.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array) return [.. content.EnumerateArray().Select(OfChat)];
        return told.TryGetProperty("tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Array ? [.. tokens.EnumerateArray().Select((token, at) => OfText(told, token, at))] : null;
    }

    private static ToldToken OfChat(JsonElement token) => new(
        Text(token), Number(token.GetProperty("logprob")),
        token.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Array ? [.. top.EnumerateArray().Select(other => new TokenLogProbability(0, Number(other.GetProperty("logprob"))) { Text = Text(other) })] : []);

    private static ToldToken OfText(JsonElement told, JsonElement token, int at) => new(
        token.GetString() ?? "", Number(told.GetProperty("token_logprobs")[at]),
        told.TryGetProperty("top_logprobs", out var top) && top.ValueKind == JsonValueKind.Array && top[at].ValueKind == JsonValueKind.Object
            ? [.. top[at].EnumerateObject().Select(other => new TokenLogProbability(0, Number(other.Value)) { Text = other.Name })] : []);

    private static string Text(JsonElement token) => token.GetProperty("token").GetString() ?? "";

    private static float Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetSingle() : 0;
}
