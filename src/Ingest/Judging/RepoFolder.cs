using System.Text;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Judging;

/// <summary>A folder of repositories, <c>owner__name/…</c>, each with whatever small files somebody fetched. What is not there is not known, not absent.</summary>
internal sealed class RepoFolder
{
    /// <summary>Of a longer file nothing is read: no licence is that long.</summary>
    private const int LongestText = 1024 * 1024;

    private const int MostFiles = 2_000;
    private readonly Dictionary<string, string> _folders = new(StringComparer.OrdinalIgnoreCase);

    public RepoFolder(string? path)
    {
        if (path is null) return;
        foreach (var folder in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            var at = name.IndexOf('@', StringComparison.Ordinal); // "@2024-10": when it was copied; the newest wins
            _folders[at < 0 ? name : name[..at]] = folder;
        }
    }

    public bool IsEmpty => _folders.Count == 0;

    public bool Holds(string modelId) => Folder(modelId) is not null;

    public string? Card(string modelId) => Folder(modelId) is { } folder && Read(Path.Combine(folder, "README.md"), CardEvidence.LongestCard).Text is { } card ? card : null;

    public IReadOnlyList<RepoText> Texts(string modelId)
    {
        if (Folder(modelId) is not { } folder) return [];
        return [.. Files(folder)
            .Where(path => FileEvidence.IsLicense(path) || FileEvidence.IsPolicy(path))
            .Select(path => Read(path, LongestText) with { Path = Path.GetRelativePath(folder, path) })];
    }

    /// <summary>Names of all files, weights or pointers to them among others.</summary>
    public IReadOnlyList<string> Names(string modelId) => Folder(modelId) is { } folder ? [.. Files(folder).Select(path => Path.GetRelativePath(folder, path))] : [];

    private string? Folder(string modelId) => _folders.GetValueOrDefault(modelId.Replace("/", "__", StringComparison.Ordinal));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, AttributesToSkip = FileAttributes.ReparsePoint }).Order(StringComparer.Ordinal).Take(MostFiles);

    private static RepoText Read(string path, int limit)
    {
        if (!File.Exists(path)) return new(path, null, "it is not there");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length > limit) return new(path, null, $"it is longer than {limit / 1024} KiB");
        var bytes = new byte[(int)file.Length];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return TextOf(bytes.AsSpan(0, read)) is { } text ? new(path, text) : new(path, null, "it is not a text");
    }

    internal static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, ..]) return Encoding.Unicode.GetString(bytes[2..]);
        if (bytes is [0xFE, 0xFF, ..]) return Encoding.BigEndianUnicode.GetString(bytes[2..]);
        if (bytes.Contains((byte)0)) return null;
        var text = Encoding.UTF8.GetString(bytes);
        return text.TrimStart().StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) || text.TrimStart().StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? null : text;
    }
}
