using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Downloads;

public sealed class ModelDownloadTests
{
    private const string Canary = "hf_" + "CANARYabcdefghijklmnopqrstuvwxyz";

    [Fact]
    public async Task A_model_is_fetched_whole_and_a_second_time_nothing_is()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var first = await desk.PullAsync();
        Assert.Null(first.Complaint);
        var model = Assert.Single(desk.Shelf.List());
        Assert.Equal(["config.json", "onnx/model.onnx", "tokenizer.json"], model.Manifest.Files.Select(file => file.Path));
        Assert.Equal(desk.Hub.Models.FileOf(DownloadDesk.Id, "onnx/model.onnx")?.Content, await File.ReadAllBytesAsync(Path.Combine(model.Folder, "onnx", "model.onnx"), TestContext.Current.CancellationToken));
        Assert.Null(await model.FaultAsync(TestContext.Current.CancellationToken));
        Assert.Equal((desk.Progress[^1].Total, first.Fetched), (desk.Progress[^1].Done, model.Manifest.Bytes));
        var asked = Fetches(desk);
        Assert.Equal(3, asked);
        Assert.Equal(0, (await desk.PullAsync()).Fetched);
        Assert.Equal(asked, Fetches(desk));
        Assert.Equal(model.Folder, desk.Shelf.Find("tiny")?.Folder);
        Assert.Equal(model.Folder, desk.Shelf.Find(DownloadDesk.Id)?.Folder);
    }

    [Fact]
    public async Task NET_06_The_store_of_large_files_never_sees_the_token()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Canary, TestContext.Current.CancellationToken);
        using var log = new LogRecorder();
        await using var desk = await DownloadDesk.OpenAsync(change: options => options.TokenFile = file, log: log);
        desk.Hub.Token = Canary;
        Assert.Null((await desk.PullAsync()).Complaint);
        Assert.All(desk.Hub.Log, request => Assert.Equal($"Bearer {Canary}", request.Authorization));
        Assert.All(desk.Store.Log, request => Assert.Null(request.Authorization));
        Assert.NotEmpty(desk.Store.Log);
        Assert.DoesNotContain(log.Lines, line => line.Contains("CANARY", StringComparison.Ordinal));
        File.Delete(file);
    }

    [Theory]
    [InlineData("http://198.51.100.7/x")]
    [InlineData("https://127.0.0.1:1/x")]
    [InlineData("https://huggingface.co.evil.example/x")]
    [InlineData("https://evilhuggingface.co/x")]
    [InlineData("https://user@huggingface.co/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://huggingface.co/x")]
    public async Task NET_02_A_redirect_to_anywhere_else_is_not_followed(string to)
    {
        await using var desk = await DownloadDesk.OpenAsync();
        desk.Hub.Fail(FakeFaults.Redirect(to, 302), when: IsFile("model.onnx"));
        Assert.Contains("which is not followed", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Empty(desk.Store.Log);
        Assert.Empty(desk.Shelf.List());
    }

    [Fact]
    public async Task DL_02_A_planted_link_is_refused_and_what_it_points_to_is_unchanged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        await using var desk = await DownloadDesk.OpenAsync();
        var outside = Path.Combine(Path.GetDirectoryName(desk.Home) ?? "", "outside");
        Directory.CreateDirectory(outside);
        await File.WriteAllTextAsync(Path.Combine(outside, "config.json"), "mine", TestContext.Current.CancellationToken);
        var commit = Commit(desk);
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
        var folder = Path.Combine(desk.Home, "owner", "tiny", Commit(desk));
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "config.json", "config.json.part" })
            using (var made = Process.Start("mkfifo", [Path.Combine(folder, name)])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Null((await desk.PullAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Complaint);
        Assert.Equal("{\"model_type\":\"toy\"}", await File.ReadAllTextAsync(Path.Combine(folder, "config.json"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("onnx/model.onnx")]
    [InlineData("config.json")]
    public async Task DL_03_A_file_with_another_hash_is_removed_and_the_model_is_not_there(string path)
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var at = path == "config.json" ? desk.Hub : desk.Store;
        at.Fail(FakeFaults.Flip, when: path == "config.json" ? IsFile(path) : null);
        Assert.Contains($"{path} is corrupt", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain(desk.Files, file => file.Contains(Path.GetFileName(path), StringComparison.Ordinal));
        Assert.Null(desk.Shelf.Find(DownloadDesk.Id));
        Assert.Null((await desk.PullAsync()).Complaint);
    }

    [Fact]
    public async Task DL_04_A_body_without_end_is_read_to_the_declared_size_and_no_further()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        desk.Store.Fail(FakeFaults.Overlong);
        Assert.Null((await desk.PullAsync()).Complaint);
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model.onnx", DownloadDesk.Graph(300_000, seed: 2));
        Touch(desk, 1);
        desk.Store.Fail(FakeFaults.Plain(1L << 40)); // endless, and something else
        Assert.Contains("not what its name says", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.InRange(desk.Files.Sum(file => new FileInfo(Path.Combine(desk.Home, file)).Length), 1, 1_000_000);
    }

    [Fact]
    public async Task DL_04_A_short_body_is_gone_on_with_and_given_up_when_it_stays_short()
    {
        await using var desk = await DownloadDesk.OpenAsync(change: options => options.Retries = 3);
        desk.Store.Fail(FakeFaults.Body("\x08 short", "application/octet-stream"), times: int.MaxValue);
        var result = await desk.PullAsync();
        Assert.Contains("of 300000 bytes", result.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain(desk.Files, file => file.EndsWith("model.onnx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DL_05_A_cut_is_gone_on_with_where_it_was()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000);
        desk.Store.Fail(FakeFaults.CutLength, times: 2);
        Assert.Null((await desk.PullAsync()).Complaint);
        var asked = desk.Store.Log;
        Assert.Equal(3, asked.Count);
        Assert.Matches("^bytes=[1-9][0-9]+-$", asked[1].Headers["Range"]);
        Assert.Equal($"\"xet-{desk.Hub.Models.FileOf(DownloadDesk.Id, "onnx/model.onnx")?.Sha256[..8]}\"", asked[1].Headers["If-Range"]);
        Assert.Null(await desk.Shelf.Find(DownloadDesk.Id)!.FaultAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DL_05_What_an_earlier_process_left_is_gone_on_with()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000, change: options => options.Retries = 0);
        desk.Store.Fail(FakeFaults.CutLength);
        Assert.Contains("Pull again to go on", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Contains(desk.Files, file => file.EndsWith("model.onnx.part", StringComparison.Ordinal));
        Assert.Null((await desk.PullAsync()).Complaint);
        Assert.True(desk.Store.Log[^1].Headers.ContainsKey("Range"));
        Assert.DoesNotContain(desk.Files, PartFile.IsPart);
    }

    [Fact]
    public async Task DL_05_A_whole_answer_and_a_416_begin_from_zero()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000);
        desk.Store.Fail(FakeFaults.CutLength);
        desk.Store.Fail(FakeFaults.Status(416));
        desk.Store.Fail(FakeFaults.CutLength);
        // Another version's whole content in answer to a range: cut, and then the true one.
        var whole = desk.Hub.Models.FileOf(DownloadDesk.Id, "onnx/model.onnx")?.Content ?? [];
        desk.Store.Fail(FakeFaults.Answer(new FakeAnswer(200, whole, "application/octet-stream") { Headers = { ["ETag"] = "\"other\"" } }));
        Assert.Null((await desk.PullAsync()).Complaint);
        Assert.Equal(4, desk.Store.Log.Count);
        Assert.False(desk.Store.Log[2].Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task DL_06_A_part_of_another_version_never_joins_what_is_here()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000);
        desk.Store.Fail(FakeFaults.CutLength);
        desk.Store.Fail(FakeFaults.Header("ETag", "\"other\"")); // 206, although If-Range names another version
        Assert.Null((await desk.PullAsync()).Complaint);
        Assert.Equal(3, desk.Store.Log.Count);
        Assert.False(desk.Store.Log[2].Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task DL_06_Another_commit_in_the_answer_ends_the_download()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        desk.Hub.Fail(FakeFaults.Header("X-Repo-Commit", new string('9', 40)), when: IsFile("config.json"));
        Assert.Contains("instead of", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Empty(desk.Shelf.List());
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("main")]
    [InlineData("")]
    public async Task DL_06_Only_a_whole_commit_becomes_part_of_a_path(string sha)
    {
        await using var desk = await DownloadDesk.OpenAsync();
        desk.Hub.Models.Change(DownloadDesk.Id, repo => repo["sha"] = sha);
        Assert.Contains("no commit", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Empty(desk.Files);
    }

    [Fact]
    public async Task A_new_commit_replaces_the_old_one_only_when_it_is_whole()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var old = (await desk.PullAsync()).Model;
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model.onnx", DownloadDesk.Graph(300_000, seed: 2));
        Touch(desk, 1);
        desk.Store.Fail(FakeFaults.Flip);
        Assert.NotNull((await desk.PullAsync()).Complaint);
        Assert.Equal(old?.Folder, desk.Shelf.Find(DownloadDesk.Id)?.Folder);
        Assert.Null(await desk.Shelf.Find(DownloadDesk.Id)!.FaultAsync(TestContext.Current.CancellationToken));
        var replaced = await desk.PullAsync();
        Assert.Null(replaced.Complaint);
        Assert.NotEqual(old?.Folder, desk.Shelf.Find(DownloadDesk.Id)?.Folder);
        Assert.False(Directory.Exists(old?.Folder));
    }

    [Fact]
    public async Task Another_precision_joins_the_first_at_the_same_commit()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        await desk.PullAsync();
        var commit = Commit(desk);
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model_q4.onnx", DownloadDesk.Graph(1000, seed: 3));
        Assert.Equal(commit, Commit(desk));
        Assert.Equal(1000, (await desk.PullAsync(wish: new([FilePrecision.FourBit]))).Fetched);
        Assert.Equal(["config.json", "onnx/model.onnx", "onnx/model_q4.onnx", "tokenizer.json"], desk.Shelf.Find(DownloadDesk.Id)?.Manifest.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task DL_07_What_does_not_fit_is_refused_before_it_starts_and_a_disk_that_fills_gets_its_room_back()
    {
        var disk = Directory.CreateTempSubdirectory("small-disk-").FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk) == 0, "needs the right to mount");
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
            await RunAsync("umount", disk);
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
    public async Task DL_09_Two_requests_for_one_model_make_one_transfer()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000);
        var both = await Task.WhenAll(desk.PullAsync(), desk.PullAsync());
        Assert.All(both, result => Assert.Null(result.Complaint));
        Assert.Equal([0, both.Max(result => result.Fetched)], both.Select(result => result.Fetched).Order());
        Assert.Equal(3, Fetches(desk));
        Assert.Single(desk.Store.Log);
    }

    [Fact]
    public async Task DL_10_A_model_beyond_its_quota_or_the_shelf_s_is_refused_before_it_starts()
    {
        await using var small = await DownloadDesk.OpenAsync(limit: limits => limits.ModelBytes = 100_000);
        Assert.Contains("Atlas__Downloads__ModelBytes", (await small.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Equal(0, Fetches(small));
        await using var full = await DownloadDesk.OpenAsync(limit: limits => limits.TotalBytes = limits.ModelBytes = 400_000);
        Directory.CreateDirectory(Path.Combine(full.Home, "other", "model"));
        await File.WriteAllBytesAsync(Path.Combine(full.Home, "other", "model", "x.json"), new byte[200_000], TestContext.Current.CancellationToken);
        Assert.Contains("Atlas__Downloads__TotalBytes", (await full.PullAsync()).Complaint, StringComparison.Ordinal);
        full.Hub.Models.Change(DownloadDesk.Id, repo =>
        {
            foreach (var file in repo["siblings"]!.AsArray().OfType<JsonObject>()) file["size"] = long.MaxValue;
        });
        Assert.NotNull((await full.PullAsync()).Complaint);
        Assert.Equal(0, Fetches(full));
    }

    [Fact]
    public async Task DL_11_Code_and_archives_are_never_asked_for()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        await desk.PullAsync();
        Assert.All(desk.Hub.Log.Concat(desk.Store.Log), request => Assert.DoesNotMatch("[.](bin|pkl|py|so|ort|sh|zip)$", request.Path));
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model.onnx", [0x80, 4, 0x95, 1, 2, 3]);
        Touch(desk, 1);
        Assert.Contains("not what its name says", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
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

    [Fact]
    public async Task What_the_hub_refuses_is_told_in_a_sentence()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        Assert.Contains("no model no/such", (await desk.PullAsync("no/such")).Complaint, StringComparison.Ordinal);
        Assert.Contains("OWNER/NAME", (await desk.PullAsync("../etc")).Complaint, StringComparison.Ordinal);
        desk.Hub.Models.Change(DownloadDesk.Id, repo => repo["gated"] = "manual");
        Assert.Contains("accept them on the hub", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        desk.Hub.Models.Rename(DownloadDesk.Id, "new/name");
        desk.Hub.Models.Change("new/name", repo => repo["gated"] = false);
        foreach (var path in new[] { "config.json", "tokenizer.json", "onnx/model.onnx" })
            if (desk.Hub.Models.FileOf(DownloadDesk.Id, path) is { } file) desk.Hub.Models.File("new/name", path, file.Content, file.Large);
        Assert.Equal("new/name", (await desk.PullAsync()).Model?.Manifest.Id);
    }

    [Fact]
    public async Task A_download_that_is_stopped_leaves_nothing_under_a_final_name_but_whole_files()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000);
        using var stop = new CancellationTokenSource();
        desk.Store.Fail(async (context, answer) =>
        {
            FakeHub.WriteHead(context, answer);
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, 2_000_000));
            await context.Response.Body.FlushAsync();
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.PullAsync(cancellationToken: stop.Token));
        Assert.DoesNotContain(desk.Files, file => file.EndsWith("model.onnx", StringComparison.Ordinal));
        Assert.Empty(desk.Shelf.List());
        Assert.Null((await desk.PullAsync()).Complaint);
    }

    private static Func<HttpRequest, bool> IsFile(string name) => request => request.Path.Value?.Contains("/resolve/", StringComparison.Ordinal) == true && request.Path.Value.EndsWith(name, StringComparison.Ordinal);

    private static int Fetches(DownloadDesk desk) => desk.Hub.Log.Count(request => request.Path.Contains("/resolve/", StringComparison.Ordinal));

    private static string Commit(DownloadDesk desk) => desk.Hub.Models.All.Single(repo => repo.Id == DownloadDesk.Id).Sha;

    /// <summary>Another commit.</summary>
    private static void Touch(DownloadDesk desk, int days) => desk.Hub.Models.Change(DownloadDesk.Id, repo => repo["lastModified"] = FakeRepo.Iso(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(days)));

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true });
        if (process is null) return -1;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
