using System.Text.Json.Nodes;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Downloads;

/// <summary>Models that come whole, again, in another version or precision, and what is said when they do not.</summary>
public sealed class ModelDownloadTests
{
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
        var asked = desk.Fetches;
        Assert.Equal(3, asked);
        Assert.Equal(0, (await desk.PullAsync()).Fetched);
        Assert.Equal(asked, desk.Fetches);
        Assert.Equal(model.Folder, desk.Shelf.Find("tiny")?.Folder);
        Assert.Equal(model.Folder, desk.Shelf.Find(DownloadDesk.Id)?.Folder);
    }

    [Fact]
    public async Task A_new_commit_replaces_the_old_one_only_when_it_is_whole()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var old = (await desk.PullAsync()).Model;
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model.onnx", DownloadDesk.Graph(300_000, seed: 2));
        desk.Touch();
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
        var commit = desk.Commit;
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model_q4.onnx", DownloadDesk.Graph(1000, seed: 3));
        Assert.Equal(commit, desk.Commit);
        Assert.Equal(1000, (await desk.PullAsync(wish: new([FilePrecision.FourBit]))).Fetched);
        Assert.Equal(["config.json", "onnx/model.onnx", "onnx/model_q4.onnx", "tokenizer.json"], desk.Shelf.Find(DownloadDesk.Id)?.Manifest.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task DL_09_Two_requests_for_one_model_make_one_transfer()
    {
        await using var desk = await DownloadDesk.OpenAsync(weights: 4_000_000);
        var both = await Task.WhenAll(desk.PullAsync(), desk.PullAsync());
        Assert.All(both, result => Assert.Null(result.Complaint));
        Assert.Equal([0, both.Max(result => result.Fetched)], both.Select(result => result.Fetched).Order());
        Assert.Equal(3, desk.Fetches);
        Assert.Single(desk.Store.Log);
    }

    [Fact]
    public async Task DL_10_A_model_beyond_its_quota_or_the_shelf_s_is_refused_before_it_starts()
    {
        await using var small = await DownloadDesk.OpenAsync(limit: limits => limits.ModelBytes = 100_000);
        Assert.Contains("Atlas__Downloads__ModelBytes", (await small.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Equal(0, small.Fetches);
        await using var full = await DownloadDesk.OpenAsync(limit: limits => limits.TotalBytes = limits.ModelBytes = 400_000);
        Directory.CreateDirectory(Path.Combine(full.Home, "other", "model"));
        await File.WriteAllBytesAsync(Path.Combine(full.Home, "other", "model", "x.json"), new byte[200_000], TestContext.Current.CancellationToken);
        Assert.Contains("Atlas__Downloads__TotalBytes", (await full.PullAsync()).Complaint, StringComparison.Ordinal);
        full.Hub.Models.Change(DownloadDesk.Id, repo =>
        {
            foreach (var file in repo["siblings"]!.AsArray().OfType<JsonObject>()) file["size"] = long.MaxValue;
        });
        Assert.NotNull((await full.PullAsync()).Complaint);
        Assert.Equal(0, full.Fetches);
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
}
