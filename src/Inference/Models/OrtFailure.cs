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

    /// <summary>True when the device or the process had no memory left: what failed would run where more is free.</summary>
    public static bool LacksMemory(Exception failure) => Memory().IsMatch(failure.Message);

    /// <summary>The words of the runtime's arena, of CUDA and its libraries, of WebGPU and Vulkan, and of C++.</summary>
    [GeneratedRegex(@"failed to allocate memory|out of memory|out_of_(device_|host_)?memory|OutOf(Device|Host)?Memory|MemoryAllocation|ALLOC(ATION)?_FAILED|available memory of \d+ is smaller than requested|bad_alloc|bad allocation", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 250)]
    private static partial Regex Memory();

    [GeneratedRegex(@"(\blib[\w.+-]{1,80}): cannot open shared object file", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Library();

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Code();

    /// <summary>Source lines and assertions of the runtime, which tell a user nothing.</summary>
    [GeneratedRegex(@"/\S+\.(cc|h|cpp):\d+ \S+ ?|^.* was false\. ", RegexOptions.CultureInvariant, 250)]
    private static partial Regex Place();
}
