using System.Diagnostics;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Downloads;

/// <summary>The folder that models are fetched to: links and pipes in the way, full disks, what was left behind, what was changed since.</summary>
public sealed class DownloadFolderTests
{
    [Fact]
    public async Task DL_02_A_planted_link_is_refused_and_what_it_points_to_is_unchanged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        await using var desk = await DownloadDesk.OpenAsync();
        var outside = Path.Combine(Path.GetDirectoryName(desk.Home) ?? "", "outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "config.json"), "mine", TestContext.Current.CancellationToken);
        var commit = desk.Commit;
        var place = Path.Combine(desk.Home, "owner", "tiny");
        foreach (var (link, target) in new[] { (place, outside), (Path.Combine(place, commit), outside), (Path.Combine(place, commit, "config.json.part"), Path.Combine(outside, "config.json")), (Path.Combine(place, commit, "config.json"), Path.Combine(outside, "config.json")) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(link) ?? "");
            File.CreateSymbolicLink(link, target);
            Assert.Contains("is a link", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
            File.Delete(link);
        }
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(outside, "config.json"), TestContext.Current.CancellationToken));
        Assert.Single(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public async Task DL_02_A_pipe_in_the_way_is_not_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mkfifo");
        await using var desk = await DownloadDesk.OpenAsync();
        var folder = Path.Combine(desk.Home, "owner", "tiny", desk.Commit);
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "config.json", "config.json.part" })
            using (var made = Process.Start("mkfifo", [Path.Combine(folder, name)])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Null((await desk.PullAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Complaint);
        Assert.Equal("{\"model_type\":\"toy\"}", await File.ReadAllTextAsync(Path.Combine(folder, "config.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DL_07_What_does_not_fit_is_refused_before_it_starts_and_a_disk_that_fills_gets_its_room_back()
    {
        var disk = Directory.CreateTempSubdirectory("small-disk-").FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await DownloadDesk.RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk) == 0, "needs the right to mount");
        try
        {
            await using (var desk = await DownloadDesk.OpenAsync(weights: 12 << 20, home: disk))
            {
                Assert.Contains("are free in", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
                Assert.Empty(desk.Store.Log);
            }
            await using (var desk = await DownloadDesk.OpenAsync(weights: 6 << 20, home: disk))
            {
                // The room goes while the file comes.
                desk.Store.Fail(async (context, answer) =>
                {
                    await File.WriteAllBytesAsync(Path.Combine(disk, "other"), new byte[5 << 20]);
                    await FakeHub.WriteAsync(context, answer);
                });
                Assert.Contains("cannot be written", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
                File.Delete(Path.Combine(disk, "other"));
                Assert.InRange(new DriveInfo(disk).AvailableFreeSpace, 7 << 20, 8 << 20);
                Assert.Null((await desk.PullAsync()).Complaint);
            }
        }
        finally
        {
            await DownloadDesk.RunAsync("umount", disk);
            Directory.Delete(disk);
        }
    }

    [Fact]
    public async Task DL_08_What_a_killed_download_of_another_model_left_is_removed_at_the_next_start()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var dead = Path.Combine(desk.Home, "other", "half", new string('a', 40));
        Directory.CreateDirectory(dead);
        await File.WriteAllTextAsync(Path.Combine(dead, "config.json"), "{}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(dead, "model.onnx.part"), "half", TestContext.Current.CancellationToken);
        Assert.Empty(desk.Shelf.List()); // nothing half is ever on the shelf
        Assert.Null((await desk.PullAsync()).Complaint);
        Assert.DoesNotContain(desk.Files, file => file.StartsWith("other", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DL_13_DL_14_A_flipped_bit_a_link_and_a_strange_file_are_found_before_a_model_is_used()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var model = (await desk.PullAsync()).Model ?? throw new InvalidOperationException();
        var weights = Path.Combine(model.Folder, "onnx", "model.onnx");
        var content = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        content[1234] ^= 1;
        await File.WriteAllBytesAsync(weights, content, TestContext.Current.CancellationToken);
        Assert.Contains("not as it was fetched", await model.FaultAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(content.Length, (await desk.PullAsync()).Fetched); // mended, and only what was broken is fetched
        Assert.Null(await model.FaultAsync(TestContext.Current.CancellationToken));
        File.SetLastWriteTimeUtc(weights, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // touched, but the same
        Assert.Null(await desk.Shelf.Find("tiny")!.FaultAsync(TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(Path.Combine(model.Folder, "strange.json"), "{}", TestContext.Current.CancellationToken);
        Assert.Contains("was not fetched", await model.FaultAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        File.Delete(Path.Combine(model.Folder, "strange.json"));
        File.CreateSymbolicLink(Path.Combine(model.Folder, "link.json"), "/etc/passwd");
        Assert.Contains("is a link", await model.FaultAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
