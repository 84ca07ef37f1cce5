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

    /// <summary>The file that the loader of the system did not find; null when something else went wrong.</summary>
    public static string? MissingLibrary(Exception failure) => Library().Match(failure.Message) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"(\blib[\w.+-]{1,80}): cannot open shared object file", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Library();

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Code();

    /// <summary>Source lines and assertions of the runtime, which tell a user nothing.</summary>
    [GeneratedRegex(@"/\S+\.(cc|h|cpp):\d+ \S+ ?|^.* was false\. ", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Place();
}
