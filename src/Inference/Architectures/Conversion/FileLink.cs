using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Architectures.Conversion;

/// <summary>Second names of files: plain files like the first ones, which take no room of their own.</summary>
internal static partial class FileLink
{
    /// <summary>False where the system or the disk does not give one; none is left then.</summary>
    /// <param name="files">Paths, and the names that they get in the folder.</param>
    public static bool TryMake(IReadOnlyDictionary<string, string> files, string folder)
    {
        foreach (var old in files.Values.Select(name => Path.Combine(folder, name))) File.Delete(old);
        if (files.All(file => TryMake(file.Key, Path.Combine(folder, file.Value)))) return true;
        foreach (var made in files.Values.Select(name => Path.Combine(folder, name))) File.Delete(made);
        return false;
    }

    private static bool TryMake(string path, string name)
    {
        if (OperatingSystem.IsWindows()) return false;
        var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        return Link(target, name) == 0;
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string path, string name);
}
