using System.Numerics;
using System.Runtime.InteropServices;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Sync;
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

    /// <summary>What the server's log of writes takes for new counters on every tenth model, right after a checkpoint.</summary>
    public static async Task WriteCountersAsync(NpgsqlDataSource database, CatalogSnapshot snapshot, Report report)
    {
        const int Page = 1000;
        await using var connection = await database.OpenConnectionAsync();
        async Task<T?> Ask<T>(string query)
        {
            await using var command = new NpgsqlCommand(query, connection);
            return (T?)await command.ExecuteScalarAsync();
        }
        await Ask<object>("CHECKPOINT");
        var before = await Ask<string>("SELECT pg_current_wal_insert_lsn()::text");
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var written = 0;
        foreach (var page in snapshot.Ids.Where(id => id % 10 == 3).Chunk(Page))
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ModelParts.Counters([.. page.Select(id => new ModelCounters { ModelId = id, Downloads = id, Likes = id % 100, SeenOn = today })]) } };
            written += await batch.ExecuteNonQueryAsync();
        }
        var bytes = await Ask<decimal>($"SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '{before}')");
        report.Add("daily counters, log of writes a row", "≤ 0.4 kB", $"{(double)bytes / written / 1000:0.00} kB ({written:N0} rows)");
    }

    public static Figures Ask(CatalogSnapshot snapshot, IReadOnlyList<Question> questions, Report report)
    {
        foreach (var question in questions) CatalogReader.Find(snapshot, question.View, FilterKeys.Rail); // until it is compiled to the end
        var seven = Time(snapshot, questions, Seven, Report.Detail);
        report.Add("first page + total + 7 facets, CPU", "p95 ≤ 10, p99 ≤ 15 ms", seven.ToString());
        var once = Read(snapshot);
        report.Add("the same against one read of what it counts", "p50 ≤ 4 ×, p95 ≤ 10 ×", $"p50 {seven.At(50) / once:0.0} ×, p95 {seven.At(95) / once:0.0} × of {once:0.00} ms");
        report.Add($"the same with all {FilterKeys.Rail.Count} filters of the page", "", Time(snapshot, questions, FilterKeys.Rail, Report.Detail).ToString());
        report.Add("the same with top tags (7 + tag)", "p95 ≤ 20 ms", Time(snapshot, questions, [.. Seven, .. FilterKeys.Many.Take(1)], Report.Detail).ToString());
        report.Add("top tags and authors alone, the part that follows", "", Time(snapshot, questions, FilterKeys.Many, null).ToString());
        return seven;
    }

    /// <summary>The physical limit: the least time of a few in which one thread reads all sets of documents of the seven facets once, and does nothing with them.</summary>
    private static double Read(CatalogSnapshot snapshot)
    {
        var sets = Seven.Select(key => snapshot[key.Column]).SelectMany(column => Enumerable.Range(0, column.Values.Count).Select(value => column.Lists[value])).ToArray();
        var least = double.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var (start, sum) = (CpuClock.ThreadMilliseconds, Vector<ulong>.Zero);
            foreach (var set in sets)
                foreach (ref readonly var part in set.IsBits ? MemoryMarshal.Cast<ulong, Vector<ulong>>(set.Bits) : MemoryMarshal.Cast<int, Vector<ulong>>(set.List)) sum ^= part;
            least = Math.Min(least, CpuClock.ThreadMilliseconds - start);
            GC.KeepAlive(sum);
        }
        return least;
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
