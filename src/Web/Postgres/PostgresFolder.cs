using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Postgres;

/// <summary>Where a private cluster lives: <c>pg15/</c> with the data, the socket and the password, closed to everyone but its account.</summary>
internal sealed record PostgresFolder(string Path, PostgresBinaries Binaries, PostgresAccount Account)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int SocketPathLimit = 103; // bytes, of the shortest system (macOS); Linux has 107

    public string Data => System.IO.Path.Combine(Path, "data");
    public string Socket => System.IO.Path.Combine(Path, "socket");
    public string PasswordFile => System.IO.Path.Combine(Path, "password");

    /// <summary>False when the path is too long for a socket, or means something else to a list of folders or hosts.</summary>
    public bool TakesSocket => Encoding.UTF8.GetByteCount(Socket + "/.s.PGSQL.5432") <= SocketPathLimit && !Socket.AsSpan().ContainsAny(",\"'\\:");

    /// <summary>The cluster of this data folder, or where a new one goes.</summary>
    public static async Task<PostgresFolder> ChooseAsync(PostgresSettings settings, IReadOnlyList<PostgresBinaries> binaries, CancellationToken cancellationToken)
    {
        string[] homes = [settings.DataFolder, Fallback(settings.DataFolder)];
        var existing = homes.SelectMany(Clusters).ToList();
        if (existing is [])
        {
            var account = await PostgresAccount.ForNewClusterAsync(cancellationToken);
            var home = await account.CanEnterAsync(homes[0], cancellationToken) ? homes[0] : homes[1];
            return new(System.IO.Path.Combine(home, $"pg{binaries[0].Major}"), binaries[0], account);
        }
        foreach (var (path, major) in existing)
        {
            if (binaries.FirstOrDefault(found => found.Major == major) is not { } fitting) continue;
            var account = await PostgresAccount.ForExistingClusterAsync(path, cancellationToken);
            return await account.CanEnterAsync(path, cancellationToken) ? new(path, fitting, account)
                : throw new CommandException($"User {account.Name}, whose database is in {path}, can no longer enter it: open its parent folders (chmod o+x), or move it.");
        }
        var old = existing[0];
        throw new CommandException($"The database in {old.Path} was made by PostgreSQL {old.Major}, and only {string.Join(", ", binaries.Select(found => found.Major))} is installed here: "
            + $"install PostgreSQL {old.Major} or name its programs with {PostgresBinaries.Key}; or move the folder away to start afresh and import again.");
    }

    /// <summary>A folder that a partly made cluster is built in, so that a kill halfway leaves nothing that looks like one.</summary>
    public PostgresFolder Unfinished() => this with { Path = Path + ".new" };

    public void Create()
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The embedded PostgreSQL needs Linux or macOS.");
        var parent = System.IO.Path.GetDirectoryName(Path) ?? "/";
        Directory.CreateDirectory(parent);
        foreach (var folder in (string[])[Path, Data, Socket]) Directory.CreateDirectory(folder, OwnerOnly);
        using var password = new FileStream(PasswordFile, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        password.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))));
    }

    /// <summary>For a data folder whose parents are closed to the account, such as a checkout in root's home.</summary>
    private static string Fallback(string dataFolder) =>
        System.IO.Path.Combine("/var/lib/modelatlas", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..16]);

    private static IEnumerable<(string Path, int Major)> Clusters(string home) =>
        !Directory.Exists(home) ? [] : Directory.EnumerateDirectories(home, "pg*")
            .Select(path => (path, int.TryParse(System.IO.Path.GetFileName(path)[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0))
            .Where(found => found.Item2 > 0)
            .OrderByDescending(found => found.Item2);
}
