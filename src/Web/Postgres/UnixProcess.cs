using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Postgres;

/// <summary>The few things about processes and owners that .NET does not tell on Unix.</summary>
internal static class UnixProcess
{
    /// <summary>True while the process runs. A zombie (ended, but not yet reaped: usual in a container without an init) counts as gone.</summary>
    public static bool IsAlive(int pid)
    {
        if (OperatingSystem.IsWindows() || kill(pid, 0) != 0 && Marshal.GetLastPInvokeError() != NotPermitted) return false;
        try
        {
            // "pid (name) S …": the name may hold spaces and brackets, so the state is found from the right.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat.LastIndexOf(')') is var end && end + 2 < stat.Length && stat[end + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return !Directory.Exists("/proc/self"); // no /proc on this system: kill's word stands
        }
    }

    /// <summary>The folder the process works in, or null when it cannot be told (no /proc, other user, gone).</summary>
    public static string? WorkingFolder(int pid)
    {
        try
        {
            return new DirectoryInfo($"/proc/{pid}/cwd").LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Processes, zombies apart, that work in <paramref name="folder"/>: on Linux the servers of one PostgreSQL data folder.</summary>
    public static IEnumerable<int> WorkingIn(string folder) =>
        !Directory.Exists("/proc/self") ? [] : Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && WorkingFolder(pid) == folder && IsAlive(pid));

    /// <summary>False when there is no such process any more, or it is another user's.</summary>
    public static bool Signal(int pid, UnixSignal signal) => kill(pid, (int)signal) == 0;

    /// <summary>Runs a program to its end. Null input means an empty one; output and error come back together when it fails.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        return (process.ExitCode, (await output + await error).Trim());
    }

    private const int NotPermitted = 1;

#pragma warning disable SYSLIB1054 // LibraryImport needs unsafe code in the whole project for this one blittable call
    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
#pragma warning restore SYSLIB1054
}

/// <summary>Signal numbers that Linux and macOS share. To PostgreSQL: Interrupt = roll back and stop, Quit = stop at once and recover at the next start.</summary>
internal enum UnixSignal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
}
