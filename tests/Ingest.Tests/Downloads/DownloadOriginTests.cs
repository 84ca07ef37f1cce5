using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Downloads;

/// <summary>Where files may come from, who sees the token, and what is never asked for.</summary>
public sealed class DownloadOriginTests
{
    private const string Canary = "hf_" + "CANARYabcdefghijklmnopqrstuvwxyz";

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
        desk.Hub.Fail(FakeFaults.Redirect(to, 302), when: DownloadDesk.IsFile("model.onnx"));
        Assert.Contains("which is not followed", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
        Assert.Empty(desk.Store.Log);
        Assert.Empty(desk.Shelf.List());
    }

    [Fact]
    public async Task DL_06_Another_commit_in_the_answer_ends_the_download()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        desk.Hub.Fail(FakeFaults.Header("X-Repo-Commit", new string('9', 40)), when: DownloadDesk.IsFile("config.json"));
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
    public async Task DL_11_Code_and_archives_are_never_asked_for()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        await desk.PullAsync();
        Assert.All(desk.Hub.Log.Concat(desk.Store.Log), request => Assert.DoesNotMatch("[.](bin|pkl|py|so|ort|sh|zip)$", request.Path));
        desk.Hub.Models.File(DownloadDesk.Id, "onnx/model.onnx", [0x80, 4, 0x95, 1, 2, 3]);
        desk.Touch();
        Assert.Contains("not what its name says", (await desk.PullAsync()).Complaint, StringComparison.Ordinal);
    }
}
