using System.Text;
using System.Text.RegularExpressions;
using ModelAtlas.Inference.Prompts.Tokenizers;

namespace ModelAtlas.Tools.BuiltInModel.Text;

/// <summary>Learns byte pairs: again and again the two neighbours that stand together most often become one piece.</summary>
internal static partial class PieceTrainer
{
    /// <returns>The pairs in the order learnt, in the letters that stand for bytes.</returns>
    public static List<(string Left, string Right)> Learn(IEnumerable<string> texts, int pieces)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
            foreach (Match word in Words().Matches(text))
                words[word.Value] = words.GetValueOrDefault(word.Value) + 1;
        var spelled = words.OrderBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => (Pieces: Encoding.UTF8.GetBytes(word.Key).Select(value => ByteAlphabet.Character(value).ToString()).ToList(), Count: word.Value)).ToList();
        var merges = new List<(string, string)>();
        while (merges.Count < pieces)
        {
            var pairs = new Dictionary<(string, string), int>();
            foreach (var (parts, count) in spelled)
                for (var i = 0; i + 1 < parts.Count; i++) pairs[(parts[i], parts[i + 1])] = pairs.GetValueOrDefault((parts[i], parts[i + 1])) + count;
            var (left, right) = pairs.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Item1 + " " + pair.Key.Item2, StringComparer.Ordinal).First().Key;
            merges.Add((left, right));
            foreach (var (parts, _) in spelled)
                for (var i = 0; i + 1 < parts.Count; i++)
                    if (parts[i] == left && parts[i + 1] == right)
                    {
                        parts[i] += right;
                        parts.RemoveAt(i + 1);
                    }
        }
        return merges;
    }

    /// <summary>The cut of the byte-level pre-tokenizer.</summary>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Words();
}
