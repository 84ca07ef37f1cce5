namespace ModelAtlas.Web.Postgres;

/// <summary>Advisory locks on files: freed by the system when their process ends, however it ends.</summary>
internal static class FolderLock
{
    public static FileStream Share(string path)
    {
        if (!File.Exists(path)) File.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        return File.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    public static FileStream? TryTake(string path)
    {
        try
        {
            return File.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            await Task.Delay(100, cancellationToken);
        }
    }
}
