using System.Diagnostics;
using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Postgres;

/// <summary>Gets PostgreSQL where there is none: from the distribution's packages as root on Debian and Ubuntu, else by telling the person what to run.</summary>
internal static partial class PostgresInstaller
{
    /// <summary>Says "no default cluster" before the package comes, whose installation would otherwise make and start one.</summary>
    private const string CommonSettings = "/etc/postgresql-common/createcluster.conf";

    public static async Task<IReadOnlyList<PostgresBinaries>> InstallAsync(ILogger logger, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/apt-get")) throw Missing();
        LogInstalling(logger);
        Directory.CreateDirectory(Path.GetDirectoryName(CommonSettings) ?? "/");
        if (!File.Exists(CommonSettings)) await File.WriteAllTextAsync(CommonSettings, "create_main_cluster = false\n", cancellationToken);
        await AptAsync(["update", "-q"], cancellationToken);
        await AptAsync(["install", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", "postgresql"], cancellationToken);
        return PostgresBinaries.Find(configured: null) is [_, ..] found ? found : throw Missing();
    }

    private static async Task AptAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("apt-get", arguments);
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        var (exitCode, output) = await UnixProcess.RunAsync(start, cancellationToken);
        if (exitCode == 0) return;
        var reason = output.Split('\n').LastOrDefault(line => line.StartsWith("E:", StringComparison.Ordinal)) ?? $"exit code {exitCode}";
        throw new CommandException($"apt-get {arguments[0]} failed ({reason}): install PostgreSQL {PostgresBinaries.OldestMajor} or newer by hand, or name a server with ConnectionStrings__Atlas.");
    }

    private static CommandException Missing() => new(
        $"PostgreSQL {PostgresBinaries.OldestMajor} or newer is not installed: run {InstallLine()}, or name a server with ConnectionStrings__Atlas.");

    private static string InstallLine() =>
        new (string Tool, string Line)[]
        {
            ("/usr/bin/apt-get", "sudo apt-get install postgresql"),
            ("/usr/bin/dnf", "sudo dnf install postgresql-server"),
            ("/sbin/apk", "sudo apk add postgresql"),
            ("/usr/bin/pacman", "sudo pacman -S postgresql"),
            ("/usr/bin/zypper", "sudo zypper install postgresql-server"),
            ("/opt/homebrew/bin/brew", "brew install postgresql@17"),
            ("/usr/local/bin/brew", "brew install postgresql@17"),
        }.FirstOrDefault(known => File.Exists(known.Tool)).Line ?? $"your system's package manager to install it (its programs are found in PATH, or by {PostgresBinaries.Key})";

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL is not installed: installing the distribution's package")]
    private static partial void LogInstalling(ILogger logger);
}
