using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Filters;
using ModelAtlas.Web.Catalog.Index;
using Npgsql;

namespace ModelAtlas.Bench.Catalog;

/// <summary>The product's own index: how long it takes to make, to follow and to ask, and how much memory it is.</summary>
internal static class IndexRun
{
    private static readonly FacetKey[] Seven = [.. FilterKeys.Facets.Take(6), FilterKeys.Facets.First(key => key.Name == "gated")];

    public static async Task<CatalogSnapshot> LoadAsync(NpgsqlDataSource database, Report report)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var stopwatch = new TwoClocks();
        stopwatch.Start();
        var snapshot = await new SnapshotLoader(database).LoadAsync(CancellationToken.None);
        report.Add("index from PostgreSQL, cold, with text", "≤ 40 s", stopwatch.ToString());
        await Task.Yield(); // what the load used is on the stack that resumed us
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        report.Add("index memory with text", "≤ 350 bytes a model", $"{bytes / (double)snapshot.Documents:0} bytes a model, {bytes >> 20} MB");
        return snapshot;
    }

    public static async Task FollowAsync(NpgsqlDataSource database, CatalogSnapshot snapshot, Report report)
    {
        var loader = new SnapshotLoader(database);
        var stopwatch = new TwoClocks();
        stopwatch.Start();
        await loader.RecountAsync(snapshot, CancellationToken.None);
        report.Add("index behind a change of all counters", "≤ 3 s", stopwatch.ToString());
        await using (var change = database.CreateCommand("UPDATE model SET summary = 'changed ' || id, rev = nextval('model_rev') WHERE id % 100 = 7 AND id <= 1000000")) await change.ExecuteNonQueryAsync();
        stopwatch.Start();
        await loader.ChangeAsync(snapshot, CancellationToken.None);
        report.Add("index behind 10,000 changed models", "", stopwatch.ToString());
    }

    public static Figures Ask(CatalogSnapshot snapshot, IReadOnlyList<Question> questions, Report report)
    {
        foreach (var question in questions) CatalogReader.Find(snapshot, question.View, FilterKeys.Rail); // until it is compiled to the end
        var seven = Time(snapshot, questions, Seven, Report.Detail);
        report.Add("first page + total + 7 facets, CPU", "p95 ≤ 10, p99 ≤ 15 ms", seven.ToString());
        report.Add($"the same with all {FilterKeys.Rail.Count} filters of the page", "", Time(snapshot, questions, FilterKeys.Rail, Report.Detail).ToString());
        report.Add("the same with top tags (7 + tag)", "p95 ≤ 20 ms", Time(snapshot, questions, [.. Seven, .. FilterKeys.Many.Take(1)], Report.Detail).ToString());
        report.Add("top tags and authors alone, the part that follows", "", Time(snapshot, questions, FilterKeys.Many, null).ToString());
        return seven;
    }

    private static Figures Time(CatalogSnapshot snapshot, IReadOnlyList<Question> questions, IReadOnlyList<FilterKey> facets, Action<string>? detail)
    {
        var all = new Figures();
        foreach (var shape in questions.GroupBy(question => question.Shape))
        {
            var figures = new Figures();
            foreach (var question in shape)
            {
                var start = CpuClock.ThreadMilliseconds;
                CatalogReader.Find(snapshot, question.View, facets);
                figures.Add(CpuClock.ThreadMilliseconds - start);
            }
            detail?.Invoke($"  {facets.Count} facets, {shape.Key}: {figures}");
            all.Add(figures);
        }
        return all;
    }
}
