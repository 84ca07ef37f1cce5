using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>
/// A SentencePiece vocabulary merges whichever two neighbours make the token of the highest score. As a list of merges: every way to cut a token into two others, in the order of scores,
/// with equal ranks where scores are equal, so that the leftmost place decides.
/// </summary>
internal static class GgufMerges
{
    private const int LongestToken = 256;

    public static void WriteByScore(Utf8JsonWriter json, string[] tokens, double[] scores)
    {
        var ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < tokens.Length; id++) ids[tokens[id]] = id;
        var known = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(int Id, int Cut)>();
        for (var id = 0; id < tokens.Length; id++)
        {
            var token = tokens[id];
            if (token.Length > LongestToken || ids[token] != id || double.IsNaN(scores[id])) continue;
            for (var cut = 1; cut < token.Length; cut++)
                if (!char.IsLowSurrogate(token[cut]) && known.ContainsKey(token.AsSpan(0, cut)) && known.ContainsKey(token.AsSpan(cut))) merges.Add((id, cut));
        }
        merges.Sort((one, other) => scores[other.Id].CompareTo(scores[one.Id]) is not 0 and var order ? order : (one.Id, one.Cut).CompareTo((other.Id, other.Cut)));
        json.WriteStartArray("merges");
        foreach (var (id, cut) in merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(tokens[id].AsSpan(0, cut));
            json.WriteStringValue(tokens[id].AsSpan(cut));
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("merge_ranks");
        var rank = 0;
        for (var i = 0; i < merges.Count; i++)
        {
            if (i > 0 && scores[merges[i].Id] != scores[merges[i - 1].Id]) rank++;
            json.WriteNumberValue(rank);
        }
        json.WriteEndArray();
    }
}
