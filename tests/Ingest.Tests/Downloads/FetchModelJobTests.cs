using System.Text.Json.Nodes;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Testing;
using Npgsql;

namespace ModelAtlas.Ingest.Tests.Downloads;

public sealed class FetchModelJobTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Two_who_ask_for_a_model_share_one_job_and_it_comes_to_the_shelf()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var (wishes, queue) = await WishesAsync();
        await wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        await wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        var job = Assert.Single(queue.Jobs);
        Assert.Equal([DownloadDesk.Id, CancellationToken.None], job.Args); // an id, and nothing else
        Assert.Equal(ShelfState.Waiting, (await wishes.FindAsync(DownloadDesk.Id, TestContext.Current.CancellationToken))?.State);

        await new FetchModelJob(wishes, desk.Download, Nothing).RunAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        Assert.Equal(ShelfState.Ready, (await wishes.FindAsync(DownloadDesk.Id, TestContext.Current.CancellationToken))?.State);
        Assert.NotNull(desk.Shelf.Find(DownloadDesk.Id));
    }

    [Fact]
    public async Task A_wish_taken_back_fetches_nothing_and_can_be_made_again()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var (wishes, queue) = await WishesAsync();
        await wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        await wishes.CancelAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        await new FetchModelJob(wishes, desk.Download, Nothing).RunAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        Assert.Null(desk.Shelf.Find(DownloadDesk.Id));
        Assert.Equal(ShelfState.Cancelled, (await wishes.FindAsync(DownloadDesk.Id, TestContext.Current.CancellationToken))?.State);

        await wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        Assert.Equal(2, queue.Jobs.Count);
    }

    [Fact]
    public async Task A_wish_that_cannot_be_queued_does_not_wait_for_ever_and_can_be_made_again()
    {
        var (wishes, queue) = await WishesAsync();
        queue.IsAway = true;
        await Assert.ThrowsAsync<BackgroundJobClientException>(() => wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken));
        Assert.Equal(ShelfState.Failed, (await wishes.FindAsync(DownloadDesk.Id, TestContext.Current.CancellationToken))?.State);

        queue.IsAway = false;
        await wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        Assert.Single(queue.Jobs);
        Assert.Equal(ShelfState.Waiting, (await wishes.FindAsync(DownloadDesk.Id, TestContext.Current.CancellationToken))?.State);
    }

    [Fact]
    public async Task What_cannot_be_fetched_says_why()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var (wishes, _) = await WishesAsync();
        await wishes.AskAsync("no/such", TestContext.Current.CancellationToken);
        await new FetchModelJob(wishes, desk.Download, Nothing).RunAsync("no/such", TestContext.Current.CancellationToken);
        var job = await wishes.FindAsync("no/such", TestContext.Current.CancellationToken);
        Assert.Equal(ShelfState.Failed, job?.State);
        Assert.Contains("no model no/such", job?.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DL_10_On_a_full_shelf_the_model_longest_unused_makes_room_and_one_in_use_never_does()
    {
        await using var desk = await DownloadDesk.OpenAsync(limit: options => (options.ModelBytes, options.TotalBytes) = (400_000, 700_000));
        foreach (var name in new[] { "owner/second", "owner/third" })
        {
            desk.Hub.Models.Add(new JsonObject { ["id"] = name, ["tags"] = new JsonArray("onnx") });
            desk.Hub.Models.File(name, "config.json", "{\"model_type\":\"toy\"}"u8.ToArray(), large: false);
            desk.Hub.Models.File(name, "onnx/model.onnx", DownloadDesk.Graph(300_000, seed: 2));
        }
        await desk.PullAsync();
        await desk.PullAsync("owner/second");
        foreach (var model in desk.Shelf.List()) File.SetLastWriteTimeUtc(model.Folder + ".json", new DateTime(2026, 1, model.Manifest.Id == "owner/second" ? 2 : 1, 0, 0, 0, DateTimeKind.Utc));
        desk.Shelf.Use(DownloadDesk.Id); // the older one, but asked just now

        var (wishes, _) = await WishesAsync();
        await wishes.AskAsync("owner/third", TestContext.Current.CancellationToken);
        await new FetchModelJob(wishes, desk.Download, Nothing).RunAsync("owner/third", TestContext.Current.CancellationToken);
        Assert.Null((await wishes.FindAsync("owner/third", TestContext.Current.CancellationToken))?.Complaint);
        Assert.Equal(["owner/third", DownloadDesk.Id], desk.Shelf.List().Select(model => model.Manifest.Id));
    }

    [Fact]
    public async Task What_is_fetched_is_made_ready_before_it_counts_as_ready_and_tells_its_step()
    {
        await using var desk = await DownloadDesk.OpenAsync();
        var (wishes, _) = await WishesAsync();
        await wishes.AskAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        ShelfJob? seen = null;
        await new FetchModelJob(wishes, desk.Download, async (model, progress, cancellationToken) =>
        {
            Assert.Equal(DownloadDesk.Id, model.Manifest.Id);
            progress.Report(new(3, 77, "building the graph"));
            for (var i = 0; i < 200 && seen?.Total != 77; i++)
            {
                await Task.Delay(50, cancellationToken);
                seen = await wishes.FindAsync(DownloadDesk.Id, cancellationToken);
            }
        }).RunAsync(DownloadDesk.Id, TestContext.Current.CancellationToken);
        Assert.Equal((ShelfState.Fetching, 3L, 77L, "building the graph"), (seen?.State, seen?.Done, seen?.Total, seen?.Step));
        Assert.Equal(seen?.ChangedAt, seen?.StartedAt); // the speed of the graph is not that of the network
        Assert.Equal(ShelfState.Ready, (await wishes.FindAsync(DownloadDesk.Id, TestContext.Current.CancellationToken))?.State);
    }

    private static Task Nothing(ShelvedModel model, IProgress<PullProgress> progress, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<(ShelfJobs Wishes, Queue Queue)> WishesAsync()
    {
        var queue = new Queue();
        return (new(NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync()), queue, TimeProvider.System), queue);
    }

    /// <summary>Keeps what was enqueued.</summary>
    private sealed class Queue : IBackgroundJobClient
    {
        public List<Job> Jobs { get; } = [];

        public bool IsAway { get; set; }

        public string Create(Job job, IState state)
        {
            if (IsAway) throw new BackgroundJobClientException("The queue is away.", null);
            Jobs.Add(job);
            return "1";
        }

        public bool ChangeState(string jobId, IState state, string expectedState) => false;
    }
}
