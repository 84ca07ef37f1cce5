using System.Diagnostics;
using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Postgres;

/// <summary>
/// The operating system's user that PostgreSQL runs as. The server refuses root, so root hands its cluster to <c>postgres</c>, else <c>nobody</c>; anyone else runs it as themselves.
/// </summary>
internal sealed record PostgresAccount(string Name, bool IsOurs)
{
    public static async Task<PostgresAccount> ForNewClusterAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess) return new(Environment.UserName, IsOurs: true);
        foreach (var name in (string[])["postgres", "nobody"])
            if ((await UnixProcess.RunAsync(new("id", ["-u", name]), cancellationToken)).ExitCode == 0) return new(name, IsOurs: false);
        throw new CommandException("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as: create one (useradd --system postgres), or run as an ordinary user.");
    }

    /// <summary>The account that owns a cluster already there: no other can run it.</summary>
    public static async Task<PostgresAccount> ForExistingClusterAsync(string folder, CancellationToken cancellationToken)
    {
        string[] ask = OperatingSystem.IsMacOS() ? ["-f", "%Su", folder] : ["-c", "%U", folder];
        var (_, owner) = await UnixProcess.RunAsync(new("stat", ask), cancellationToken);
        if (owner == Environment.UserName && !Environment.IsPrivilegedProcess) return new(owner, IsOurs: true);
        if (Environment.IsPrivilegedProcess && owner != "root") return new(owner, IsOurs: false);
        throw new CommandException($"The database in {folder} belongs to user {owner}: run this as {owner} or as root, or choose another data folder with --data.");
    }

    /// <summary>How to start a program as this account, in a folder everyone can read and with no environment of ours.</summary>
    public ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        if (!IsOurs) start.UserName = Name;
        return start;
    }

    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken) =>
        (await UnixProcess.RunAsync(Start("/bin/sh", "-c", "cd \"$1\"", "sh", folder), cancellationToken)).ExitCode == 0;

    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (IsOurs) return;
        var (exitCode, output) = await UnixProcess.RunAsync(new("chown", ["-R", Name, path]), cancellationToken);
        if (exitCode != 0) throw new CommandException($"{path} cannot be handed to user {Name}: {output}");
    }
}
