using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Health;

namespace ModelAtlas.Web.Status;

/// <summary>How the database, the catalogue, its index and the reading of the Hub are. Answers without the database as well.</summary>
internal sealed class StatusReader(CatalogStore store, CatalogIndex index, DatabaseWatch watch, IOptions<HubOptions> hub, TimeProvider clock)
{
    /// <summary>Whoever asks again at once is told the same, so that nobody can keep the database busy with it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>What is read by itself, and how old it may get. What files brought has no age that matters here, and their names are the owner's own.</summary>
    private static readonly (string Source, string What, TimeSpan Limit)[] Sources =
    [
        ("hub/models/recent", "Changes of models", TimeSpan.FromDays(1)),
        ("hub/models/full", "All models", TimeSpan.FromDays(9)),
        ("hub/models/trending", "Trending models", TimeSpan.FromDays(1)),
        ("hub/models/cards", "Cards of models", TimeSpan.FromDays(1)),
        ("hub/models/vanished", "Models that are gone", TimeSpan.FromDays(2)),
        ("hub/datasets/recent", "Changes of datasets", TimeSpan.FromDays(1)),
        ("hub/datasets/full", "All datasets", TimeSpan.FromDays(9)),
        ("models.dev", "Models offered as a service", TimeSpan.FromDays(2)),
    ];

    private volatile Report? _last;

    public async Task<IReadOnlyList<StatusLine>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < Fresh && !watch.IsAway) return last.Lines;
        if (watch.IsAway) return Away();
        try
        {
            IReadOnlyList<StatusLine> lines = await store.ReadAsync(async db =>
            {
                var names = Sources.Select(source => source.Source).ToList();
                var cursors = await db.Cursors.Where(cursor => names.Contains(cursor.Source)).ToDictionaryAsync(cursor => cursor.Source, cancellationToken);
                var newest = await db.Models.MaxAsync(model => (long?)model.Rev, cancellationToken) ?? 0;
                return (IReadOnlyList<StatusLine>)[new("Database", StatusMark.Well, "It answers."), .. Catalogue(newest), .. Hub(cursors)];
            }, cancellationToken).WaitAsync(watch.WhenAway);
            _last = new(lines, clock.GetTimestamp());
            return lines;
        }
        catch (Exception failure) when (DatabaseGate.IsAway(failure) || (watch.IsAway && !cancellationToken.IsCancellationRequested))
        {
            watch.Doubt();
            return Away();
        }
    }

    private List<StatusLine> Away() =>
        [new("Database", StatusMark.NotWell, "It does not answer. Nothing is lost: pages work again as soon as it does."), .. Catalogue(null), new("Reading the Hub", StatusMark.NotKnown, "How far it is read stands in the database.")];

    /// <param name="newest">The last change in the database; null where that cannot be asked.</param>
    private IEnumerable<StatusLine> Catalogue(long? newest)
    {
        if (index.Current is not { } snapshot)
        {
            yield return new("Index", StatusMark.NotWell, "The catalogue is being read into memory, which takes half a minute for three million models. Lists work when that is done.");
            yield break;
        }
        yield return snapshot.AsOf is { } asOf
            ? new("Catalogue", StatusMark.Well, $"{Amount.Models(snapshot.Live.Count)}. The newest observation is {Ago.Of(Now - asOf)} old.")
            : new("Catalogue", StatusMark.NotWell, "It is empty.");
        var follows = newest is null ? "whether anything is missing is not known" : snapshot.Rev >= newest ? "nothing is missing" : "the last changes follow within seconds";
        yield return new("Index", newest is null ? StatusMark.NotKnown : StatusMark.Well, $"{Amount.Full(snapshot.Documents)} models are in memory, those that are gone included; {follows}.");
    }

    private IEnumerable<StatusLine> Hub(Dictionary<string, CrawlCursor> cursors)
    {
        if (hub.Value.Offline) yield return new("Reading the Hub", StatusMark.NotKnown, "This site was started offline and asks nobody: what is shown is as old as the catalogue.");
        else if (cursors.Count == 0) yield return new("Reading the Hub", StatusMark.NotKnown, "It has not been read here yet: what is shown came with files.");
        foreach (var (source, what, limit) in Sources)
            if (cursors.TryGetValue(source, out var cursor))
                yield return StatusLine.Of(what, cursor.State is CrawlState.Running or CrawlState.Done && Now - (cursor.FinishedAt ?? cursor.StartedAt) < limit && Now - cursor.HeartbeatAt < limit, Words(cursor));
    }

    private string Words(CrawlCursor cursor)
    {
        var done = cursor.FinishedAt is { } finished ? $"Read to its end {Ago.Of(Now - finished)} ago" : "Not yet read to its end";
        return cursor.State switch
        {
            CrawlState.Running => $"{done}; being read since {Ago.Of(Now - cursor.StartedAt)}, the last page came {Ago.Of(Now - cursor.HeartbeatAt)} ago.",
            CrawlState.Partial => $"{done}, with a gap that is read again.",
            CrawlState.Failed => $"{done}; it failed {Ago.Of(Now - cursor.HeartbeatAt)} ago and is tried again.",
            _ => $"{done}.",
        };
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private sealed record Report(IReadOnlyList<StatusLine> Lines, long At);
}
