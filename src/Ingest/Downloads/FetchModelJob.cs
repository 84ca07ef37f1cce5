using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>Brings one model to the shelf and makes it ready. Killed in the middle, it goes on where it was when its worker comes back.</summary>
public sealed class FetchModelJob(ShelfJobs wishes, ModelDownload download, ModelPreparation prepare)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(string repoId, CancellationToken cancellationToken)
    {
        if (!await wishes.MoveAsync(repoId, ShelfState.Fetching, null, [ShelfState.Waiting, ShelfState.Fetching], cancellationToken)) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = new News();
        var telling = Task.Run(() => TellAsync(repoId, news, stop), CancellationToken.None);
        try
        {
            var (model, complaint, _) = await download.PullAsync(repoId, PullWish.Usual, news, stop.Token, makesRoom: true);
            if (model is not null) await prepare(model, news, stop.Token);
            await wishes.MoveAsync(repoId, complaint is null ? ShelfState.Ready : ShelfState.Failed, complaint, [ShelfState.Fetching], CancellationToken.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // the wish was taken back
        }
        finally
        {
            await stop.CancelAsync();
            await telling;
        }
    }

    /// <summary>Tells how far it is, and hears whether anybody still wants it.</summary>
    private async Task TellAsync(string repoId, News news, CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Pace, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || news.Last is not { } last) continue;
            if (!await wishes.TellAsync(repoId, last, CancellationToken.None)) await stop.CancelAsync();
        }
    }

    private sealed class News : IProgress<PullProgress>
    {
        public PullProgress? Last { get; private set; }

        public void Report(PullProgress value) => Last = value;
    }
}

/// <summary>What is done with a model once its files are here, before it counts as ready.</summary>
public delegate Task ModelPreparation(ShelvedModel model, IProgress<PullProgress> progress, CancellationToken cancellationToken);
