namespace ModelAtlas.Ingest.Downloads;

/// <summary>Only one process fetches a model at a time: the lock is the system's, and gone with its holder.</summary>
internal static class ShelfTurn
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    public static FileStream? TryTake(string place)
    {
        try
        {
            return new(Path.Combine(place, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static async Task<FileStream> TakeAsync(string place, Action waiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            Directory.CreateDirectory(place);
            if (TryTake(place) is { } taken) return taken;
            waiting();
            await Task.Delay(_pause, cancellationToken);
        }
    }
}
