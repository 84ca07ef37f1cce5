using ModelAtlas.Web.Commands;

namespace ModelAtlas.Web.Postgres;

/// <summary>
/// The private PostgreSQL of a data folder, shared by every process that uses the folder: the first to come starts it, each watches it and restarts it when it dies,
/// the last to leave stops it. File locks tell who is there, so a killed process leaves nothing to clean up.
/// </summary>
internal sealed partial class PostgresCluster : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly string _startLock;
    private readonly string _usersLock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _leaving = new();
    private FileStream? _presence;
    private Task _watch = Task.CompletedTask;

    private PostgresCluster(PostgresServer server, string dataFolder, ILogger logger)
    {
        (_server, _logger) = (server, logger);
        _startLock = Path.Combine(dataFolder, "postgres.start.lock");
        _usersLock = Path.Combine(dataFolder, "postgres.users.lock");
    }

    public static async Task<PostgresCluster> OpenAsync(PostgresSettings settings, ILogger logger, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new CommandException("The embedded PostgreSQL needs Linux or macOS: on Windows use docker compose up, or name a server with ConnectionStrings__Atlas.");
        settings = settings with { DataFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.DataFolder)) };
        var binaries = PostgresBinaries.Find(settings.BinFolder);
        if (binaries is []) binaries = await PostgresInstaller.InstallAsync(logger, cancellationToken);
        Directory.CreateDirectory(settings.DataFolder);
        var folder = await PostgresFolder.ChooseAsync(settings, binaries, cancellationToken);
        if (!folder.Path.StartsWith(settings.DataFolder, StringComparison.Ordinal)) LogElsewhere(logger, folder.Path, folder.Account.Name, settings.DataFolder);
        var cluster = new PostgresCluster(new PostgresServer(folder, settings.Durable), settings.DataFolder, logger);
        await cluster.EnterAsync(folder, cancellationToken);
        return cluster;
    }

    /// <summary>Stays right over restarts of the server.</summary>
    public string ConnectionString(string database = PostgresServer.Database) => _server.ConnectionString(database);

    public int ProcessId => _server.ProcessId;

    private async Task EnterAsync(PostgresFolder folder, CancellationToken cancellationToken)
    {
        await using (await FolderLock.TakeAsync(_startLock, cancellationToken))
        {
            _presence = FolderLock.Share(_usersLock);
            try
            {
                if (!Directory.Exists(folder.Path))
                {
                    await _server.CreateClusterAsync(cancellationToken);
                    LogCreated(folder.Path, folder.Account.Name, folder.Binaries.Major);
                }
                await _server.StartAsync(cancellationToken);
                await _server.EnsureDatabaseAsync(cancellationToken);
            }
            catch
            {
                await LeaveAsync();
                throw;
            }
        }
        _watch = WatchAsync(_leaving.Token);
    }

    /// <summary>Restarts the server each time it ends while we are here, slower each time it ends soon again.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                await _server.WaitForEndAsync(cancellationToken);
                LogEnded(_server.ProcessId);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, 0.2 * Math.Pow(2, failures++))), cancellationToken);
                await using var turn = await FolderLock.TakeAsync(_startLock, cancellationToken);
                await _server.StartAsync(cancellationToken);
                LogRestarted(_server.ProcessId);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
                if (_server.IsRunning) failures = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (CommandException failure)
            {
                LogNotRestarted(failure.Message);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _watch;
        await using (await FolderLock.TakeAsync(_startLock, CancellationToken.None)) await LeaveAsync();
        _leaving.Dispose();
    }

    /// <summary>Needs the start lock. A server that is still starting is stopped as well.</summary>
    private async Task LeaveAsync()
    {
        if (_presence is not null) await _presence.DisposeAsync();
        await using var alone = FolderLock.TryTake(_usersLock);
        if (alone is not null) await _server.StopAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made a PostgreSQL {Major} cluster in {Folder}, run by user {Account}")]
    private partial void LogCreated(string folder, string account, int major);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is kept in {Folder}: user {Account}, who runs it, cannot enter {DataFolder}")]
    private static partial void LogElsewhere(ILogger logger, string folder, string account, string dataFolder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL (process {ProcessId}) ended; starting it again")]
    private partial void LogEnded(int processId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL runs again (process {ProcessId})")]
    private partial void LogRestarted(int processId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}; trying again")]
    private partial void LogNotRestarted(string reason);
}
