using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Scheduling;

/// <summary>How the process of a model is started: with nothing of the parent's environment, with a limit on its memory, no core dumps, no new privileges and, where the system allows it, no network.</summary>
internal static class HostLaunch
{
    private const string ManagedHeap = "0x20000000"; // 512 MiB: tokens and text; weights and caches are not on it

    /// <summary>What a GPU driver needs to be found.</summary>
    private static readonly string[] _passedOn = ["LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "VK_ICD_FILENAMES", "VK_DRIVER_FILES", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "TZ"];

    private static readonly Lazy<bool> _limits = new(() => Works("prlimit", "--core=0"));
    private static readonly Lazy<bool> _privileges = new(() => Works("setpriv", "--no-new-privs"));
    private static readonly Lazy<bool> _network = new(() => Environment.IsPrivilegedProcess && Works("unshare", "--net"));

    /// <summary>The user that root's models run as, with its group: one that owns nothing. Null where there is none, or we are not root.</summary>
    private static readonly Lazy<string[]?> _user = new(() =>
    {
        if (!Environment.IsPrivilegedProcess || !_privileges.Value) return null;
        foreach (var name in (string[])["modelatlas", "nobody"])
            if (Run("id", "-g", name) is { } group && (string[])[$"--reuid={name}", $"--regid={group}", "--clear-groups"] is var words && Run("setpriv", [.. words, "true"]) is not null) return words;
        return null;
    });

    /// <param name="model">Folder or file that the process has to read: where the other user may not, it stays this one.</param>
    /// <param name="memoryBytes">Address space the process may have; null for none, as with a GPU, whose driver reserves far more than it uses.</param>
    public static ProcessStartInfo Create(string program, string model, long? memoryBytes)
    {
        List<string> words = [];
        if (_network.Value) words.AddRange(["unshare", "--net"]);
        if (_limits.Value)
        {
            words.AddRange(["prlimit", "--core=0"]);
            if (memoryBytes is { } bytes) words.Add(string.Create(CultureInfo.InvariantCulture, $"--as={bytes}"));
        }
        if (_privileges.Value) words.AddRange(["setpriv", "--no-new-privs"]);
        if (_user.Value is { } user && CanRead(user, program, model)) words.AddRange(user);
        words.AddRange([DotnetPath(), "exec", program]);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["DOTNET_GCHeapHardLimit"] = ManagedHeap;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var name in _passedOn)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) start.Environment[name] = value;
        return start;
    }

    /// <summary>The host program beside this one.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "ModelAtlas.Inference.dll");

    /// <summary>The dotnet that runs this very process.</summary>
    private static string DotnetPath()
    {
        var shared = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));
        var beside = Path.GetFullPath(Path.Combine(shared ?? "", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }

    private static bool CanRead(string[] user, string program, string model)
    {
        var full = Path.GetFullPath(model);
        return Run("setpriv", [.. user, "test", "-r", program, "-a", "-r", DotnetPath(), "-a", "-r", full, "-a", "(", "-f", full, "-o", "-x", full, ")"]) is not null;
    }

    private static bool Works(string tool, string argument) => Run(tool, argument, "true") is not null;

    /// <summary>What the tool prints; null when it is not there, or fails.</summary>
    private static string? Run(string tool, params string[] words)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, words) { RedirectStandardError = true, RedirectStandardOutput = true });
            return process is not null && process.WaitForExit(5000) && process.ExitCode == 0 ? process.StandardOutput.ReadToEnd().Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
