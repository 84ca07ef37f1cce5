using System.Text.Json;

namespace ModelAtlas.Ingest.Judging;

/// <summary>The JSON objects of a file, whether they stand one a line, in one array, or as a single object over several lines.</summary>
internal static class ObjectFile
{
    /// <summary>A file that is not in lines is held in memory, so it may not be large.</summary>
    private const int LongestDocument = 256 * 1024 * 1024;

    public static IEnumerable<FileLine> Read(string path) => IsInLines(path) ? LineFile.Read(path) : Elements(path);

    /// <summary>The same, many at a time. Whoever takes a block returns it.</summary>
    public static IEnumerable<LineBlock> Blocks(string path) =>
        IsInLines(path) ? LineFile.Blocks(path) : Elements(path).Select(LineBlock.Of);

    private static bool IsInLines(string path)
    {
        var first = LineFile.Read(path).FirstOrDefault();
        if (first.Bytes is null || first.TooLong) return true;
        if (first.Bytes[0] != (byte)'{') return first.Bytes[0] != (byte)'[';
        try
        {
            var reader = new Utf8JsonReader(first.Bytes);
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return LineFile.Read(path).Skip(1).FirstOrDefault().Bytes is [(byte)'{', ..]; // one broken line among lines
        }
    }

    private static IEnumerable<FileLine> Elements(string path)
    {
        using var document = Parse(path);
        if (document is null)
        {
            yield return new(path, 1, "not JSON"u8.ToArray(), false);
            yield break;
        }
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            yield return Element(path, 1, document.RootElement);
            yield break;
        }
        var number = 0;
        foreach (var element in document.RootElement.EnumerateArray()) yield return Element(path, ++number, element);
    }

    private static FileLine Element(string path, long number, JsonElement element) => new(path, number, JsonSerializer.SerializeToUtf8Bytes(element), false);

    private static JsonDocument? Parse(string path)
    {
        using var stream = LineFile.Open(path);
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (stream.Read(buffer) is > 0 and var read)
        {
            if (whole.Length + read > LongestDocument) return null;
            whole.Write(buffer, 0, read);
        }
        try
        {
            return JsonDocument.Parse(whole.GetBuffer().AsMemory(0, (int)whole.Length));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
