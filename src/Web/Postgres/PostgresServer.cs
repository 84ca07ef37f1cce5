using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelAtlas.Web.Commands;
using Npgsql;

namespace ModelAtlas.Web.Postgres;

/// <summary>One cluster folder's server process: made, started or found running, and stopped. Callers see to it that only one does so at a time.</summary>
internal sealed class PostgresServer(PostgresFolder folder, bool durable)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120); // recovery after a crash takes its time
    private static readonly TimeSpan FastStopLimit = TimeSpan.FromSeconds(10);

    public const string Role = "atlas";
    public const string Database = "atlas";

    /// <summary>The process last found or started; it is ours to wait for only when we started it.</summary>
    public int ProcessId { get; private set; }

    private int _port;
    private Process? _child;

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = folder.TakesSocket ? folder.Socket : "127.0.0.1",
        Port = _port,
        Username = Role,
        Password = folder.TakesSocket ? null : File.ReadAllText(folder.PasswordFile),
        Database = database,
    }.ConnectionString;

    public async Task CreateClusterAsync(CancellationToken cancellationToken)
    {
        var unfinished = folder.Unfinished();
        if (Directory.Exists(unfinished.Path)) Directory.Delete(unfinished.Path, recursive: true);
        unfinished.Create();
        await folder.Account.OwnAsync(unfinished.Path, cancellationToken);
        var locale = folder.Binaries.Major >= 17 ? (string[])["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] : ["--locale=C.UTF-8"];
        var initdb = folder.Account.Start(folder.Binaries.Initdb, [
            "-D", unfinished.Data, "-U", Role, "-E", "UTF8", .. locale, "--data-checksums",
            "--auth-local=trust", "--auth-host=scram-sha-256", $"--pwfile={unfinished.PasswordFile}", .. durable ? (string[])[] : ["--no-sync"]]);
        int exitCode;
        string output;
        try
        {
            (exitCode, output) = await UnixProcess.RunAsync(initdb, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Killed in the middle: what is there, a server's lock file with it, is worth nothing.
            while (UnixProcess.WorkingIn(unfinished.Data).Any()) await Task.Delay(20, CancellationToken.None);
            Directory.Delete(unfinished.Path, recursive: true);
            throw;
        }
        if (exitCode != 0) throw new CommandException($"PostgreSQL could not make a database in {unfinished.Path}: {Tail(output)}");
        await File.AppendAllTextAsync(Path.Combine(unfinished.Data, "postgresql.conf"), Configuration, cancellationToken);
        Directory.Move(unfinished.Path, folder.Path);
    }

    /// <summary>Uses the server if it runs (it outlives a killed parent), else starts it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var deadline = Stopwatch.StartNew();
        for (var failure = ""; ; await Task.Delay(200, cancellationToken))
        {
            if (deadline.Elapsed > StartLimit) throw new CommandException($"PostgreSQL in {folder.Path} did not start: {(failure == "" ? "it was not ready in time" : failure)} (its log is in {folder.Data}/log)");
            if (PostmasterFile.Read(folder.Data) is { } found && found.IsServing(folder.Data))
            {
                if (!found.Ready) continue; // starting or stopping
                (ProcessId, _port) = (found.ProcessId, found.Port);
                if (await AnswersAsync(cancellationToken)) return;
                failure = $"process {found.ProcessId} does not answer";
            }
            else if (UnixProcess.WorkingIn(folder.Data).Any())
            {
                failure = "processes of its last run have not ended yet";
            }
            else
            {
                ForgetDeadServer();
                failure = await LaunchAsync(cancellationToken);
            }
        }
    }

    public async Task EnsureDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = Connection();
        await connection.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = Database } } };
        if (await ask.ExecuteScalarAsync(cancellationToken) is not null) return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    public bool IsRunning => UnixProcess.IsAlive(ProcessId);

    public async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        if (_child?.Id == ProcessId) await _child.WaitForExitAsync(cancellationToken);
        else while (IsRunning) await Task.Delay(300, cancellationToken);
    }

    /// <summary>Rolls back what runs and stops; if that takes too long, stops at once and leaves the rest to recovery.</summary>
    public async Task StopAsync()
    {
        var server = PostmasterFile.Read(folder.Data) is { } found && found.IsServing(folder.Data) ? found.ProcessId
            : _child is { HasExited: false } starting ? starting.Id : 0;
        if (server == 0) return;
        foreach (var signal in (UnixSignal[])[UnixSignal.Interrupt, UnixSignal.Quit])
        {
            UnixProcess.Signal(server, signal);
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < FastStopLimit; await Task.Delay(20))
                if (!UnixProcess.IsAlive(server)) return;
        }
    }

    /// <summary>Starts the server as our child, in a session of its own so that Ctrl+C in the terminal reaches us and not it.</summary>
    private async Task<string> LaunchAsync(CancellationToken cancellationToken)
    {
        List<string> arguments = [
            folder.Binaries.Server, "-D", folder.Data,
            "-c", $"listen_addresses={(folder.TakesSocket ? "" : "127.0.0.1")}",
            "-c", $"unix_socket_directories={(folder.TakesSocket ? folder.Socket : "")}",
            "-c", $"port={(_port = folder.TakesSocket ? 5432 : _port != 0 ? _port : FreePort())}"];
        if (!durable) arguments.AddRange(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=300", "-c", "logging_collector=off"]);
        if (File.Exists("/usr/bin/setsid")) arguments.Insert(0, "/usr/bin/setsid");
        var start = folder.Account.Start(arguments[0], arguments.Skip(1));
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _child = Process.Start(start) ?? throw new InvalidOperationException($"{folder.Binaries.Server} did not start");
        ProcessId = _child.Id;
        var said = new Queue<string>();
        _child.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        _child.OutputDataReceived += (_, line) => Keep(said, line.Data);
        _child.BeginErrorReadLine();
        _child.BeginOutputReadLine();
        _child.StandardInput.Close();
        while (!_child.HasExited)
        {
            if (PostmasterFile.Read(folder.Data) is { Ready: true } ready && ready.ProcessId == ProcessId) return "";
            await Task.Delay(20, cancellationToken);
        }
        await _child.WaitForExitAsync(cancellationToken);
        lock (said) return Tail(string.Join('\n', said));
    }

    /// <summary>
    /// A dead server's lock file stops the next start while its number is taken: by a zombie nobody reaps, or by a stranger.
    /// It may go once nothing works in the folder any more. Where that cannot be seen, PostgreSQL's own check decides.
    /// </summary>
    private void ForgetDeadServer()
    {
        if (Directory.Exists("/proc/self") && !UnixProcess.WorkingIn(folder.Data).Any()) File.Delete(PostmasterFile.PathIn(folder.Data));
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = Connection();
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    private NpgsqlConnection Connection() =>
        new(new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 5 }.ConnectionString);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Keep(Queue<string> said, string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        lock (said)
        {
            said.Enqueue(line.Trim());
            if (said.Count > 20) said.Dequeue();
        }
    }

    private static string Tail(string output) => string.Join(" / ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3));

    /// <summary>
    /// Defaults an operator may change in the file. Browsing is served from memory, so little is kept in buffers.
    /// synchronous_commit stays on: a killed server must not lose an account or an audit line; bulk writers may turn it off for themselves.
    /// </summary>
    private const string Configuration = """

        # ModelAtlas
        shared_buffers = 256MB
        work_mem = 32MB
        maintenance_work_mem = 256MB
        max_wal_size = 2GB
        wal_compression = on
        random_page_cost = 1.1
        jit = off
        logging_collector = on
        log_directory = 'log'
        log_filename = 'postgres-%a.log'
        log_truncate_on_rotation = on
        log_rotation_size = 0
        log_line_prefix = '%m [%p] '

        """;
}
