using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>What was fetched of a model: written when all of it was there, and only then. Its commit names the folder beside it that holds the files.</summary>
public sealed record ShelfManifest(string Id, string Commit, DateTimeOffset FetchedAt, IReadOnlyList<ShelfFile> Files)
{
    private const int MostBytes = 4 << 20;
    private const int MostKept = 1_000;

    private static readonly ConcurrentDictionary<string, (long Length, DateTime Written, ShelfManifest? Read)> _known = new(StringComparer.Ordinal);

    public long Bytes => Files.Sum(file => file.Size);

    /// <summary>Null for what is none of ours. A file that was not touched since is not read again.</summary>
    internal static ShelfManifest? Read(FileInfo file)
    {
        if (!file.Exists || file.LinkTarget is not null || file.Length is 0 or > MostBytes) return null;
        var (length, written) = (file.Length, file.LastWriteTimeUtc);
        if (_known.TryGetValue(file.FullName, out var known) && (known.Length, known.Written) == (length, written)) return known.Read;
        var read = Parse(file);
        if (_known.Count >= MostKept) _known.Clear();
        _known[file.FullName] = (length, written, read);
        return read;
    }

    private static ShelfManifest? Parse(FileInfo file)
    {
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(file.FullName), ShelfJson.Default.ShelfManifest);
            return read is { Id: not null, Files: not null } && read.Commit == Path.GetFileNameWithoutExtension(file.Name) && read.Files.All(entry => FileNames.Refuse(entry.Path) is null) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal void Write(string path)
    {
        var made = path + PartFile.Ending;
        File.Delete(made);
        using (var file = new FileStream(made, FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, this, ShelfJson.Default.ShelfManifest);
            file.Flush(flushToDisk: true);
        }
        File.Move(made, path, overwrite: true);
    }
}

/// <param name="Path">Below the model's folder, with slashes.</param>
/// <param name="Source">In the repository.</param>
/// <param name="Written">Its time of writing in ticks: a file that was not touched since need not be read to know that it is whole.</param>
public sealed record ShelfFile(string Path, string Source, long Size, string Sha256, long Written)
{
    internal async Task<bool> IsWholeAsync(string folder, CancellationToken cancellationToken)
    {
        var file = new FileInfo(System.IO.Path.Combine(folder, Path));
        return file is { Exists: true, LinkTarget: null } && file.Length == Size
            && (file.LastWriteTimeUtc.Ticks == Written || FileHash.Of(Sha256) is { } hash && (await hash.CheckAsync(file.FullName, cancellationToken)).Fits);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ShelfManifest))]
internal sealed partial class ShelfJson : JsonSerializerContext;
