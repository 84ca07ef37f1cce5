using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Testing;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Postgres;

namespace ModelAtlas.Web.Tests.Faults;

/// <summary>Databases that crash, and one whose disk is full, under a crawl by the real program.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FailingDatabaseTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JOB_03_A_database_that_stops_at_once_in_mid_page_ends_like_one_that_never_did()
    {
        await using var hub = await CrawlStage.HubAsync(models: 500, pageMilliseconds: 30);
        await using var clean = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
        await clean.RunAsync([], _ => Task.CompletedTask);
        await using var folder = await TestFolder.CreateAsync("crash");
        await using var cluster = await PostgresCluster.OpenAsync(new() { DataFolder = folder.Path }, NullLogger.Instance, Token);
        await AtlasMigrator.MigrateAsync(cluster.ConnectionString(), Token);
        await using var stage = new CrawlStage(hub, cluster.ConnectionString());

        var starts = await stage.RunAsync(CrawlStage.Moments(2, seed: 3, longest: 250), async worker =>
        {
            var stopped = cluster.ProcessId;
            UnixProcess.Signal(stopped, UnixSignal.Quit); // what pg_ctl stop -m immediate sends; the cluster starts it again
            while (cluster.ProcessId == stopped || !await stage.AnswersAsync()) await Task.Delay(50, Token);
        });

        Assert.True(starts > 1);
        Assert.Contains(stage.Errors, line => line.EndsWith("run this again, which goes on where this stopped.", StringComparison.Ordinal));
        Assert.DoesNotContain(stage.Errors, line => line.StartsWith("Failed:", StringComparison.Ordinal));
        Assert.Equal(await clean.ContentAsync(), await stage.ContentAsync());
        Assert.Equal(await clean.CursorAsync(), await stage.CursorAsync());
    }

    [Fact]
    public async Task JOB_13_A_full_disk_is_said_in_one_line_and_once_there_is_room_the_crawl_goes_on_where_it_was()
    {
        await using var folder = await TestFolder.CreateAsync("full");
        var disk = Path.Combine(folder.Path, "disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk) == 0, "A disk of 96 MiB can only be mounted by root, and not in every container.");
        try
        {
            await using var hub = await CrawlStage.HubAsync(models: 500, pageMilliseconds: 1);
            await using var clean = new CrawlStage(hub, await postgres.CreateDatabaseAsync());
            await clean.RunAsync([], _ => Task.CompletedTask);
            await using var cluster = await PostgresCluster.OpenAsync(new() { DataFolder = disk }, NullLogger.Instance, Token);
            await AtlasMigrator.MigrateAsync(cluster.ConnectionString(), Token);
            await using var stage = new CrawlStage(hub, cluster.ConnectionString());
            var filler = Path.Combine(disk, "filler");
            await FillAsync(filler);

            var first = true;
            var starts = await stage.RunAsync([TimeSpan.Zero, TimeSpan.Zero], async worker =>
            {
                if (!first) return;
                first = false;
                await worker.EndAsync(TimeSpan.FromMinutes(1));
                Assert.InRange(await stage.ValueAsync<long>("SELECT count(*) FROM model"), 0, 499); // who reads is still answered
                File.Delete(filler);
            });

            Assert.True(starts > 1);
            Assert.Contains(stage.Errors, line => line.Contains("run this again", StringComparison.Ordinal));
            Assert.Equal(await clean.ContentAsync(), await stage.ContentAsync());
        }
        finally
        {
            await RunAsync("umount", "-l", disk); // lazily: the server's last process may take a moment longer than the server
        }
    }

    /// <summary>Leaves some hundred kilobytes, so that the server stands and a page does not fit.</summary>
    private static async Task FillAsync(string path)
    {
        var room = new DriveInfo(Path.GetDirectoryName(path) ?? "/").AvailableFreeSpace - (192 * 1024);
        await using var file = File.Create(path);
        var block = new byte[64 * 1024];
        for (var written = 0L; written + block.Length <= room; written += block.Length) await file.WriteAsync(block, Token);
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
            if (process is null) return -1;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
