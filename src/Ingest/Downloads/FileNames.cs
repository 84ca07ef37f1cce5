using System.Globalization;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>Which names of a hub may become files here: those that mean the same file on every system, below the model's own folder, and of a kind that holds no code.</summary>
internal static class FileNames
{
    private const int LongestPath = 400;
    private const int LongestPart = 180; // in bytes of UTF-8 it stays below what a file system takes, with our endings
    private const int MostParts = 8;

    private static readonly string[] _kinds = [".onnx", ".onnx_data", ".onnx.data", ".safetensors", ".gguf", ".json", ".txt", ".model", ".jinja"];
    private static readonly string[] _devices = ["con", "prn", "aux", "nul"];

    /// <summary>Null when the path is usable, else why not.</summary>
    public static string? Refuse(string path)
    {
        if (path.Length is 0 or > LongestPath) return $"its name has {path.Length} characters";
        var parts = path.Split('/');
        if (parts.Length > MostParts) return "it lies too deep";
        foreach (var part in parts)
            if (!IsPart(part)) return "its name is not the same plain file on every system";
        return null;
    }

    /// <summary>Weights, configuration, tokenizer, template: never what could be code or an archive.</summary>
    public static bool IsKnownKind(string path) => Array.Exists(_kinds, kind => Unnumbered(path).EndsWith(kind, StringComparison.Ordinal));

    /// <summary>One segment of a path, the same on POSIX and Windows.</summary>
    public static bool IsPart(string part)
    {
        if (part.Length is 0 or > LongestPart || part[0] is '.' or ' ' or '-' || part[^1] is '.' or ' ') return false;
        foreach (var letter in part)
            if (!IsLetter(letter)) return false;
        return !IsDevice(part);
    }

    private static bool IsLetter(char letter) => char.IsAscii(letter)
        ? char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '+' or '=' or '@' or ',' or '(' or ')' or '[' or ']' or '{' or '}' or '!' or '#' or '&' or '\'' or ' '
        : char.IsLetterOrDigit(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Windows takes these for devices, whatever follows a dot.</summary>
    private static bool IsDevice(string part)
    {
        var dot = part.IndexOf('.', StringComparison.Ordinal);
        var stem = (dot < 0 ? part : part[..dot]).TrimEnd(' ').ToLowerInvariant();
        return _devices.Contains(stem, StringComparer.Ordinal)
            || stem.Length == 4 && (stem.StartsWith("com", StringComparison.Ordinal) || stem.StartsWith("lpt", StringComparison.Ordinal)) && char.IsDigit(stem[3]);
    }

    /// <summary>Large weights come in several files: model.onnx_data, model.onnx_data_1 and so on.</summary>
    private static string Unnumbered(string path)
    {
        var stem = path.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return stem.EndsWith(".onnx_data_", StringComparison.Ordinal) && stem.Length < path.Length ? stem[..^1] : path;
    }
}
