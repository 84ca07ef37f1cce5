using System.Text.RegularExpressions;

namespace ModelAtlas.Inference.Models;

/// <summary>What ONNX Runtime says went wrong, fit for one line.</summary>
internal static partial class OrtFailure
{
    private const int Longest = 240;

    public static string OneLine(Exception failure)
    {
        var text = Place().Replace(Code().Replace(failure.Message, ""), "");
        text = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length > Longest ? text[..Longest] + "…" : text;
    }

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Code();

    /// <summary>Source lines of the runtime, which tell a user nothing.</summary>
    [GeneratedRegex(@"/\S+\.(cc|h|cpp):\d+ \S+ ?", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Place();
}
