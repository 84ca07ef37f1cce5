using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Testing;
using ModelAtlas.Web.Commands;
using ModelAtlas.Web.Postgres;
using Npgsql;

namespace ModelAtlas.Web.Tests.Postgres;

[UnsupportedOSPlatform("windows")]
public sealed class PostgresClusterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_is_started_again_with_what_was_committed()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");
        await using var cluster = await OpenAsync(folder.Path, durable: true);
        await ReadAsync(cluster, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)");
        var killed = cluster.ProcessId;

        UnixProcess.Signal(killed, UnixSignal.Kill);

        await WaitAsync(() => cluster.ProcessId != killed && UnixProcess.IsAlive(cluster.ProcessId));
        Assert.Equal(42, await WhenItAnswersAsync(cluster, "SELECT id FROM kept"));
    }

    [Fact]
    public async Task Who_shares_a_folder_shares_the_server_and_the_last_to_leave_stops_it()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");
        var first = await OpenAsync(folder.Path);
        var second = await OpenAsync(folder.Path);
        Assert.Equal(first.ProcessId, second.ProcessId);

        await first.DisposeAsync();
        Assert.Equal(1, await ReadAsync(second, "SELECT 1"));

        await second.DisposeAsync();
        Assert.False(UnixProcess.IsAlive(second.ProcessId));
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_is_served_over_loopback_and_asks_for_the_password()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");
        await using var cluster = await OpenAsync(Path.Combine(folder.Path, new string('d', 80), "with space"));

        var place = new NpgsqlConnectionStringBuilder(cluster.ConnectionString());
        Assert.Equal("127.0.0.1", place.Host);
        Assert.Equal(1, await ReadAsync(cluster, "SELECT 1"));
        await using var stranger = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(place.ConnectionString) { Password = "guess", Pooling = false }.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => stranger.OpenAsync(Token))).SqlState);
    }

    [Fact]
    public async Task A_socket_is_behind_a_closed_folder_and_no_port_is_open()
    {
        await using var folder = await TestFolder.CreateAsync("with space");
        await using var cluster = await OpenAsync(folder.Path);

        var socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString()).Host ?? "";
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socket));
        Assert.Equal("", await ReadAsync(cluster, "SHOW listen_addresses"));
    }

    [Fact]
    public async Task A_lock_file_that_names_a_stranger_does_not_stop_the_start()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");
        await using (await OpenAsync(folder.Path)) { }
        var data = Assert.Single(Directory.EnumerateDirectories(folder.Path, "pg*")) + "/data";
        await File.WriteAllTextAsync(PostmasterFile.PathIn(data), $"{Environment.ProcessId}\n{data}\n0\n5432\n\n\n\nready\n", Token);

        await using var cluster = await OpenAsync(folder.Path);
        Assert.Equal(1, await ReadAsync(cluster, "SELECT 1"));
    }

    [Fact]
    public async Task A_database_half_made_when_the_power_went_is_made_anew()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");
        var major = PostgresBinaries.Find(configured: null)[0].Major;
        Directory.CreateDirectory(Path.Combine(folder.Path, $"pg{major}.new", "data", "base"));

        await using var cluster = await OpenAsync(folder.Path);
        Assert.Equal(1, await ReadAsync(cluster, "SELECT 1"));
    }

    [Fact]
    public async Task A_database_of_a_version_that_is_not_installed_is_left_alone_and_named()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");
        Directory.CreateDirectory(Path.Combine(folder.Path, "pg12", "data"));

        var refused = await Assert.ThrowsAsync<CommandException>(() => OpenAsync(folder.Path));

        Assert.Contains("was made by PostgreSQL 12", refused.Message, StringComparison.Ordinal);
        Assert.Contains(PostgresBinaries.Key, refused.Message, StringComparison.Ordinal);
        Assert.Equal(["pg12"], Directory.EnumerateDirectories(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_configured_folder_without_programs_is_named()
    {
        await using var folder = await TestFolder.CreateAsync("cluster");

        var refused = Assert.Throws<CommandException>(() => PostgresBinaries.Find(folder.Path));

        Assert.Contains($"{PostgresBinaries.Key}={folder.Path}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_keeps_the_database_elsewhere_when_the_server_cannot_enter_the_folder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root hands its cluster to another user");
        await using var folder = await TestFolder.CreateAsync("cluster");
        var closed = Directory.CreateDirectory(Path.Combine(folder.Path, "closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var cluster = await OpenAsync(Path.Combine(closed, "data"));
        var elsewhere = Path.GetFullPath(Path.Combine(new NpgsqlConnectionStringBuilder(cluster.ConnectionString()).Host ?? "", "..", ".."));
        try
        {
            Assert.StartsWith("/var/lib/modelatlas/", elsewhere, StringComparison.Ordinal);
            Assert.Equal(1, await ReadAsync(cluster, "SELECT 1"));
        }
        finally
        {
            await cluster.DisposeAsync();
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    private static Task<PostgresCluster> OpenAsync(string folder, bool durable = false) =>
        PostgresCluster.OpenAsync(new() { DataFolder = folder, Durable = durable }, NullLogger.Instance, Token);

    private static async Task<object?> ReadAsync(PostgresCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token);
    }

    private static async Task<object?> WhenItAnswersAsync(PostgresCluster cluster, string sql)
    {
        for (var tries = 0; ; tries++)
            try
            {
                return await ReadAsync(cluster, sql);
            }
            catch (NpgsqlException) when (tries < 100)
            {
                await Task.Delay(100, Token);
            }
    }

    private static async Task WaitAsync(Func<bool> happened)
    {
        for (var tries = 0; tries < 600 && !happened(); tries++) await Task.Delay(50, Token);
        Assert.True(happened());
    }
}
