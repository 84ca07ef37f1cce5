using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Crawl;

public sealed class LicenseHistoryTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ING_17_mit_then_non_commercial_then_mit_over_three_crawls_are_three_dated_entries_with_their_commits()
    {
        await using var bench = await CrawlBench.StartAsync(postgres);
        bench.Hub.Models.Add(new JsonObject
        {
            ["_id"] = "621ffdc036468d709f174338",
            ["id"] = "maker/thing",
            ["sha"] = Sha('a'),
            ["createdAt"] = "2024-01-12T03:24:12.000Z",
            ["lastModified"] = "2024-01-12T03:24:12.000Z",
            ["library_name"] = "transformers",
            ["tags"] = new JsonArray("transformers", "license:mit", "dataset:maker/corpus"),
            ["siblings"] = new JsonArray(new JsonObject { ["rfilename"] = "model.safetensors" }),
        });
        List<DateTimeOffset> seen = [];
        foreach (var (sha, license) in new[] { ('a', "mit"), ('b', "cc-by-nc-4.0"), ('c', "mit") })
        {
            bench.Hub.Models.Change("maker/thing", model => (model["sha"], model["tags"]) = (Sha(sha), new JsonArray("transformers", $"license:{license}", "dataset:maker/corpus")));
            Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Full)).End);
            Assert.Equal(CrawlEnd.Done, (await bench.CrawlAsync(CrawlBench.Full)).End); // a crawl that finds nothing new adds no entry
            seen.Add(bench.Clock.GetUtcNow());
            bench.Clock.Ahead += TimeSpan.FromDays(30);
        }

        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(bench.Database).Options);
        var history = await (
            from verdict in db.Verdicts
            join license in db.Licenses on verdict.LicenseId equals license.Id
            orderby verdict.Id
            select new { license.Key, verdict.Revision, verdict.Class, verdict.ObservedAt }).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["mit", "cc-by-nc-4.0", "mit"], history.Select(entry => entry.Key));
        Assert.Equal([Sha('a'), Sha('b'), Sha('c')], history.Select(entry => entry.Revision ?? ""));
        Assert.Equal([Openness.OpenSource, Openness.OpenWeights, Openness.OpenSource], history.Select(entry => entry.Class ?? 0));
        Assert.Equal([ChangedParts.Class | ChangedParts.License, ChangedParts.Class | ChangedParts.License], await db.VerdictChanges.OrderBy(change => change.VerdictId).Select(change => change.Parts).ToListAsync(TestContext.Current.CancellationToken));
        Assert.All(history.Zip(seen), entry => Assert.InRange(entry.Second - entry.First.ObservedAt, TimeSpan.Zero, TimeSpan.FromHours(1)));
    }

    private static string Sha(char letter) => new(letter, 40);
}
