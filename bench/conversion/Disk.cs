using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ModelAtlas.Bench.Conversion;

/// <summary>What the disk takes for the files that are converted: each way of measuring is the same for the copy and for the conversion.</summary>
internal static partial class Disk
{
    private const int DontNeed = 4;

    /// <summary>Seconds for copying a folder.</summary>
    /// <param name="onDisk">Nothing of it is in memory before, and all of it is on the disk in the end; else it comes out of memory and stays there.</param>
    public static double Copy(string from, string to, bool onDisk)
    {
        if (onDisk) Forget(from);
        Directory.CreateDirectory(to);
        var since = Stopwatch.GetTimestamp();
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        if (onDisk) Flush(to);
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Directory.Delete(to, recursive: true);
        return seconds;
    }

    /// <summary>Waits until the files are on the disk.</summary>
    public static void Flush(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var file = File.OpenHandle(path, access: FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Takes the files out of memory.</summary>
    public static void Forget(string folder)
    {
        Flush(folder);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = File.OpenHandle(path);
            if (Advise(file, 0, 0, DontNeed) is not 0 and var error) throw new IOException($"{path} stays in memory (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
