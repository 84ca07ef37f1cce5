using System.Diagnostics;
using System.Text.RegularExpressions;
using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Postgres;

/// <summary>One installed set of PostgreSQL server programs.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 14;
    public const string Key = "Atlas__Postgres__Bin";

    public string Initdb => Path.Combine(Folder, "initdb");
    public string Server => Path.Combine(Folder, "postgres");

    /// <summary>Sets new enough to use, newest first. A configured folder is the only place looked at, and must hold one.</summary>
    public static IReadOnlyList<PostgresBinaries> Find(string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
            return Read(configured) is not { } found ? throw new CommandException($"{Key}={configured} holds no PostgreSQL: name the folder that has initdb and postgres in it, or unset it.")
                : found.Major < OldestMajor ? throw new CommandException($"{Key}={configured} holds PostgreSQL {found.Major}: version {OldestMajor} or newer is needed.")
                : [found];
        return [.. Folders().Distinct(StringComparer.Ordinal).Select(Read).OfType<PostgresBinaries>()
            .Where(found => found.Major >= OldestMajor).DistinctBy(found => found.Folder).OrderByDescending(found => found.Major)];
    }

    private static IEnumerable<string> Folders() =>
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        .. Below("/usr/lib/postgresql"),            // Debian, Ubuntu
        .. Below("/usr", "pgsql-*"),                // packages of the PostgreSQL project on Fedora and its kin
        .. Below("/usr/libexec", "postgresql*", ""), // Alpine
        .. Below("/opt/homebrew/opt", "postgresql*"),
        .. Below("/usr/local/opt", "postgresql*"),
        .. Below("/Applications/Postgres.app/Contents/Versions"),
    ];

    private static IEnumerable<string> Below(string folder, string pattern = "*", string bin = "bin") =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder, pattern).Select(found => Path.Combine(found, bin)) : [];

    private static PostgresBinaries? Read(string folder)
    {
        try
        {
            var server = new FileInfo(Path.Combine(folder, "postgres"));
            var real = (server.ResolveLinkTarget(returnFinalTarget: true) ?? server).FullName;
            if (!File.Exists(real) || Path.GetDirectoryName(real) is not { } home || !File.Exists(Path.Combine(home, "initdb"))) return null;
            using var process = Process.Start(new ProcessStartInfo(real, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            var said = process?.StandardOutput.ReadToEnd() ?? "";
            process?.WaitForExit();
            return VersionText().Match(said) is { Success: true } match ? new(home, int.Parse(match.Groups[1].ValueSpan, provider: null)) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return null; // a folder of PATH that is closed, or a file that does not run here, is simply not PostgreSQL
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d{1,3})", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex VersionText();
}
