using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Files;

/// <summary>A file on its way in: its name, when what it says was true, and its bytes without packing.</summary>
public sealed partial class ImportFile
{
    private ImportFile(string path, string hash, DateTimeOffset observedAt, bool dateIsGuessed) =>
        (Path, Hash, ObservedAt, DateIsGuessed) = (path, hash, observedAt, dateIsGuessed);

    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Of the file as it lies there, so that a changed file of the same name is another one.</summary>
    public string Hash { get; }
    public DateTimeOffset ObservedAt { get; }

    /// <summary>Name of the source in the catalogue, and of the row that says how far it was read.</summary>
    internal string Source => $"file:{Name}";
    internal string CursorSource => $"{Source}:{Hash}";

    /// <summary>True when neither the caller nor the name said when, so that the date of the file itself was taken.</summary>
    public bool DateIsGuessed { get; }

    public static async Task<ImportFile> OpenAsync(string path, DateTimeOffset? observedAt, TimeProvider clock, CancellationToken cancellationToken)
    {
        var hash = new XxHash64();
        await using (var file = File.OpenRead(path)) await hash.AppendAsync(file, cancellationToken);
        var said = observedAt ?? DateIn(System.IO.Path.GetFileName(path));
        var date = said ?? new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
        var now = clock.GetUtcNow();
        return new(path, hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture), date < now ? date : now, said is null);
    }

    /// <summary>The last date in a name: 2024-07-11, 20240711, 2024-07 (its first day) or @2024. An observation dated too early overwrites nothing that is newer, one dated too late would.</summary>
    public static DateTimeOffset? DateIn(string name)
    {
        foreach (Match match in Dates().Matches(name).Reverse())
        {
            var year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
            var month = match.Groups["month"] is { Success: true } named ? int.Parse(named.ValueSpan, CultureInfo.InvariantCulture) : 1;
            var day = match.Groups["day"] is { Success: true } exact ? int.Parse(exact.ValueSpan, CultureInfo.InvariantCulture) : 1;
            if (day <= DateTime.DaysInMonth(year, month)) return new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero);
        }
        return null;
    }

    /// <summary>Its rows as JSON, unpacked and in UTF-8.</summary>
    internal IElementSource Read()
    {
        var file = File.OpenRead(Path);
        if (IsParquet(file)) return ParquetRows.Open(file);
        Stream content = IsPacked(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var head = new byte[2];
        var read = content.ReadAtLeast(head, 2, throwOnEndOfStream: false);
        Stream whole = new HeadedStream(head.AsMemory(0, read), content);
        var encoding = head switch { [0xFF, 0xFE] => Encoding.Unicode, [0xFE, 0xFF] => Encoding.BigEndianUnicode, _ => null };
        return new ElementReader(encoding is null ? whole : Encoding.CreateTranscodingStream(whole, encoding, Encoding.UTF8), () => file.Length == 0 ? 1 : (double)file.Position / file.Length);
    }

    private static bool IsParquet(FileStream file)
    {
        var head = new byte[4];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return head.AsSpan(0, read).SequenceEqual("PAR1"u8);
    }

    private static bool IsPacked(FileStream file)
    {
        var packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return packed;
    }

    [GeneratedRegex(@"(?<!\d)(?<year>20[12]\d)(?:[-_.]?(?<month>0[1-9]|1[0-2])(?:[-_.]?(?<day>0[1-9]|[12]\d|3[01]))?)?(?!\d)", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Dates();
}
