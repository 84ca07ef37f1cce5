using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Testing;
using ModelAtlas.Web.Health;
using ModelAtlas.Web.Postgres;

namespace ModelAtlas.Web.Tests.Commands;

/// <summary>The product as a person starts it: a process of its own, from an empty folder.</summary>
public sealed class UpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private static readonly IHttpClientFactory Clients = new ServiceCollection().AddSelfClient().BuildServiceProvider().GetRequiredService<IHttpClientFactory>();

    [Fact]
    public async Task From_an_empty_folder_to_a_catalogue_and_back_after_kill_9_of_every_part()
    {
        await using var folder = await TestFolder.CreateAsync("up");
        string[] arguments = ["up", "--port", "0", "--data", folder.Path, "--offline"];

        int total, admins;
        await using (var first = AtlasProcess.Start(arguments))
        {
            await first.ReadyAsync();
            total = await TotalAsync(first);
            Assert.InRange(total, 400, int.MaxValue);
            Assert.Equal([$"ModelAtlas is ready on {first.Address.GetLeftPart(UriPartial.Authority)}"], first.Output);
            Assert.Contains(first.Errors, line => line.Contains("/setup makes the first one with the one-time token", StringComparison.Ordinal));
            var (exitCode, made, _) = await AtlasProcess.RunAsync(["admin", "create", "ada", "--data", folder.Path]);
            admins = exitCode == 0 && made.Contains("created admin ada", StringComparison.Ordinal) ? 1 : 0;

            first.Kill(); // the site and its jobs, in whatever they were doing
            await first.EndAsync(TimeSpan.FromSeconds(10));
        }
        Assert.Equal(1, admins);
        var server = Postmaster(folder);
        Assert.True(UnixProcess.IsAlive(server.ProcessId), "the database outlives its parent");

        await using var second = AtlasProcess.Start(arguments);
        await second.ReadyAsync();
        Assert.Equal(server.ProcessId, Postmaster(folder).ProcessId); // found, not started twice
        Assert.Equal(total, await TotalAsync(second));
        Assert.DoesNotContain(second.Errors, line => line.Contains("/setup", StringComparison.Ordinal)); // ada was not lost

        UnixProcess.Signal(server.ProcessId, UnixSignal.Kill);
        await UntilAsync(async () => PostmasterFile.Read(DataOf(folder)) is { Ready: true } now && now.ProcessId != server.ProcessId && await IsReadyAsync(second));
        Assert.Equal(total, await TotalAsync(second));

        second.Interrupt();
        Assert.Equal(0, await second.EndAsync(TimeSpan.FromSeconds(25)));
        Assert.False(File.Exists(PostmasterFile.PathIn(DataOf(folder))), "the database was stopped");
    }

    [Theory]
    [InlineData("pg*.new")] // while the database is made
    [InlineData("pg??")] // while it starts
    public async Task JOB_11_told_to_stop_it_ends_with_0_within_25_seconds_even_while_it_starts(string moment)
    {
        await using var folder = await TestFolder.CreateAsync("up");
        await using var up = AtlasProcess.Start(["up", "--port", "0", "--data", folder.Path, "--offline"]);
        await UntilAsync(() => Task.FromResult(LockFiles(folder, moment).Any()), TimeSpan.FromMilliseconds(2));
        var clock = Stopwatch.StartNew();

        up.Terminate();

        Assert.Equal(0, await up.EndAsync(TimeSpan.FromSeconds(25)));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.Empty(up.Output);
        Assert.Empty(LockFiles(folder, "pg*"));
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line_before_anything_is_started()
    {
        await using var folder = await TestFolder.CreateAsync("up");
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["up", "--port", port, "--data", folder.Path]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal($"Port {port} on 127.0.0.1 is in use: stop what listens there (another ModelAtlas?), or choose another port with --port N.", errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task WEB_18_a_public_bind_without_an_admin_is_refused()
    {
        await using var folder = await TestFolder.CreateAsync("up");

        var (exitCode, output, errors) = await AtlasProcess.RunAsync(["up", "--host", "0.0.0.0", "--port", "0", "--data", folder.Path, "--offline"]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("Refusing to listen on http://0.0.0.0:0", errors, StringComparison.Ordinal);
        Assert.Contains("./atlas admin create NAME", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--port 99999 is no port", "up", "--port", "99999")]
    [InlineData(2, "--host nowhere is no address", "up", "--host", "nowhere")]
    [InlineData(2, "Unrecognized command or argument '--quick'", "up", "--quick")]
    [InlineData(2, "./atlas has no verb 'upp'", "upp")]
    [InlineData(2, "Name a verb")]
    public async Task Wrong_usage_is_one_line_on_stderr_and_exit_code_2(int expected, string message, params string[] arguments)
    {
        var (exitCode, output, errors) = await AtlasProcess.RunAsync(arguments);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', errors);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_named_without_its_password()
    {
        var (exitCode, _, errors) = await AtlasProcess.RunAsync(["migrate"], new Dictionary<string, string>
        {
            ["ConnectionStrings__Atlas"] = "Host=127.0.0.1;Port=1;Database=atlas;Username=atlas;" + "Password" + "=correct-horse",
        });

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The database atlas at 127.0.0.1:1 cannot be used", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", errors, StringComparison.Ordinal);
    }

    private static string DataOf(TestFolder folder) => Directory.EnumerateDirectories(folder.Path, "pg*").Single() + "/data";

    private static IEnumerable<string> LockFiles(TestFolder folder, string clusters) =>
        Directory.EnumerateDirectories(folder.Path, clusters).Select(path => PostmasterFile.PathIn(path + "/data")).Where(File.Exists);

    private static PostmasterFile Postmaster(TestFolder folder) => PostmasterFile.Read(DataOf(folder)) ?? throw new InvalidOperationException("no postmaster.pid");

    private static async Task<int> TotalAsync(AtlasProcess up)
    {
        using var client = Clients.CreateClient(HealthServices.SelfClient);
        await using var body = await client.GetStreamAsync(new Uri(up.Address, "/api/v1/models?limit=1"), Token);
        return (await JsonDocument.ParseAsync(body, cancellationToken: Token)).RootElement.GetProperty("total").GetInt32();
    }

    private static async Task<bool> IsReadyAsync(AtlasProcess up)
    {
        using var client = Clients.CreateClient(HealthServices.SelfClient);
        using var answer = await client.GetAsync(new Uri(up.Address, "/health/ready"), Token);
        return answer.IsSuccessStatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> happened, TimeSpan? pause = null)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(pause ?? TimeSpan.FromMilliseconds(50), Token))
            if (await happened()) return;
        Assert.Fail("it did not happen within a minute");
    }
}
