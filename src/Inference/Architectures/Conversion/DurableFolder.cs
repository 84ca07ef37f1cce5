using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Architectures.Conversion;

/// <summary>Brings what was written into a folder to the disk, so that a name it gets afterwards never stands for less after the power failed.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Flush(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            // Of a file that is linked we may read only, which is enough but for Windows, where none is.
            using var file = File.OpenHandle(path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
        if (!OperatingSystem.IsWindows()) FlushNames(folder);
    }

    /// <summary>The names in the folder. Not every file system knows how; those that do not keep them with the files.</summary>
    private static void FlushNames(string folder)
    {
        var handle = Open(folder, ReadOnly);
        if (handle < 0) return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
