namespace ModelAtlas.Ingest.Downloads;

/// <summary>A file in the making, beside the place it will have: made anew or gone on with, never through a link. It gets its name when it is whole, and only then.</summary>
internal sealed class PartFile : IAsyncDisposable
{
    public const string Ending = ".part";
    private const string TagEnding = ".part-etag";

    private readonly string _target;
    private readonly FileStream _file;

    private PartFile(string target, FileStream file, string? etag) => (_target, _file, ETag) = (target, file, etag);

    public string Path => _target + Ending;
    public long Length => _file.Length;

    /// <summary>Which version of the content the bytes so far are of.</summary>
    public string? ETag { get; private set; }

    public static bool IsPart(string path) => path.EndsWith(Ending, StringComparison.Ordinal) || path.EndsWith(TagEnding, StringComparison.Ordinal);

    public static PartFile Open(string target, long size)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target) ?? "");
        var (old, tag) = (new FileInfo(target + Ending), new FileInfo(target + TagEnding));
        // A pipe or a device has no length: it is taken away, not opened.
        if (old is { Exists: true, LinkTarget: null } && old.Length > 0 && old.Length <= size && tag is { Exists: true, LinkTarget: null } && tag.Length is > 0 and < 1024)
        {
            var file = new FileStream(old.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 0, FileOptions.Asynchronous);
            file.Seek(0, SeekOrigin.End);
            return new(target, file, File.ReadAllText(tag.FullName));
        }
        old.Delete();
        tag.Delete();
        return new(target, new(target + Ending, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 0, FileOptions.Asynchronous), null);
    }

    /// <summary>Begins again, with content of this version.</summary>
    public void Restart(string? etag)
    {
        _file.SetLength(0);
        ETag = etag;
        File.Delete(_target + TagEnding);
        if (etag is null) return;
        using var tag = new StreamWriter(new FileStream(_target + TagEnding, FileMode.CreateNew, FileAccess.Write));
        tag.Write(etag);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _file.WriteAsync(bytes, cancellationToken);

    public void Flush() => _file.Flush(flushToDisk: true);

    public byte[] Head(int length)
    {
        var head = new byte[Math.Min(length, Length)];
        RandomAccess.Read(_file.SafeFileHandle, head, 0);
        return head;
    }

    /// <summary>Takes away what came so far: its room is free again.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(Path);
        File.Delete(_target + TagEnding);
    }

    /// <summary>Gives the file its name.</summary>
    public void Finish()
    {
        _file.Dispose();
        File.Move(Path, _target, overwrite: true);
        File.Delete(_target + TagEnding);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
