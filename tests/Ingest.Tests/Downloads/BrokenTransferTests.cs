using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Downloads;

/// <summary>Bodies that are cut, spoilt, endless or of another version.</summary>
public sealed class BrokenTransferTests
{
    [Theory]
    [InlineData("onnx/model.onnx")]
    [InlineData("config.json")]
    public async Task DL_03_A_file_with_another_hash_is_removed_and_the_model_is_not_there(string path)
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var at = path == "config.json" ? desk.Hub : desk.Store;
        at.Fail(FakeFaults.Flip, when: path == "config.json" ? DownloadDesk.IsFile(path) : null);
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
        desk.Touch();
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
}
