using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Web.Hosting;
using Npgsql;

namespace ModelAtlas.Bench.Ingest;

/// <summary>Reading, judging and writing of the same rows, each by itself, and then together as <c>./atlas import</c> does it.</summary>
internal sealed class IngestRun : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly int _server;

    private IngestRun(NpgsqlDataSource database, int server) => (_database, _server) = (database, server);

    public static async Task<IngestRun> OpenAsync(string connectionString)
    {
        await AtlasMigrator.MigrateAsync(connectionString, CancellationToken.None);
        // One connection, so that one process of the server does all the work and its time can be told.
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1, CommandTimeout = 0, NoResetOnClose = true });
        await using var connection = await database.OpenConnectionAsync();
        return new(database, connection.ProcessID);
    }

    public async Task MeasureAsync(string[] paths, int most, int rounds, bool whole)
    {
        var files = new List<ImportFile>();
        foreach (var path in paths) files.Add(await ImportFile.OpenAsync(path, null, TimeProvider.System, CancellationToken.None));
        List<CatalogPage> pages = [];
        var read = await Lap.OfAsync(0, null, () => Task.Run(() => pages = Read(files, most)));
        var rows = pages.Sum(page => page.Models.Count);
        Console.WriteLine($"{rows:N0} rows of {files.Count} files");
        Console.WriteLine($"reading, one thread           {read with { Rows = rows }}");
        Console.WriteLine($"judging alone, one thread     {await Lap.OfAsync(rows, null, () => Task.Run(() => Judge(pages)))}");

        var (ours, raw) = (new List<Lap>(), new List<Lap>());
        RawCopy? copy = null;
        for (var round = 0; round <= rounds; round++)
        {
            await EmptyAsync();
            var lap = await Lap.OfAsync(rows, _server, () => WriteAsync(pages));
            await using var connection = await _database.OpenConnectionAsync();
            copy ??= await RawCopy.ReadAsync(connection);
            if (round == 0) continue; // the first is for the compiler
            ours.Add(lap);
            await connection.CloseAsync();
            await EmptyAsync();
            await connection.OpenAsync();
            raw.Add(await Lap.OfAsync(rows, _server, () => copy.WriteAsync(connection)));
        }
        Lap Middle(List<Lap> laps) => laps.OrderBy(lap => lap.Wall).ElementAt(laps.Count / 2);
        Console.WriteLine($"our writer, rows judged       {Middle(ours)}");
        Console.WriteLine($"raw COPY of the same rows     {Middle(raw)}");
        Console.WriteLine($"our writer against raw COPY   {Middle(ours).Rate / Middle(raw).Rate:0.00} by wall (target 0.50), rounds {string.Join(' ', ours.Zip(raw, (one, other) => $"{one.Rate / other.Rate:0.00}"))}");

        Console.WriteLine($"the same by CPU of the server  {Middle(raw).Server / Middle(ours).Server:0.00}; of both processes {(Middle(raw).Server + Middle(raw).Own) / (Middle(ours).Server + Middle(ours).Own):0.00}");

        await EmptyAsync();
        await WriteAsync(pages);
        var versions = await VersionsAsync();
        Console.WriteLine($"the same rows again           {await Lap.OfAsync(rows, _server, () => WriteAsync(pages))}");
        Console.WriteLine($"row versions written by that  {(await VersionsAsync() == versions ? "none" : "SOME")}");
        Console.WriteLine($"other counters, a day later   {await Lap.OfAsync(rows, _server, () => WriteAsync(Later(pages, model => model with { Downloads = (model.Downloads ?? 0) + 1 })))}");
        Console.WriteLine($"another tag on every model    {await Lap.OfAsync(rows, _server, () => WriteAsync(Later(pages, model => model with { Tags = [.. model.Tags ?? [], "seen-again"] })))}");

        if (!whole) return;
        await EmptyAsync();
        var all = await Lap.OfAsync(0, _server, async () =>
        {
            using var catalog = new CatalogWriter(_database, TimeProvider.System);
            var import = new FileImport(catalog, new(_database, TimeProvider.System), TimeProvider.System);
            foreach (var file in files) rows = (int)(await import.RunAsync(file, ElementKind.Model, null, CancellationToken.None)).Written.Total;
        });
        Console.WriteLine($"import of {Path.GetFileName(paths[^1])}, all rows: {all with { Rows = rows }}");
    }

    private static List<CatalogPage> Read(List<ImportFile> files, int most)
    {
        var pages = new List<CatalogPage>();
        foreach (var file in files)
            foreach (var page in FileImport.Pages(file, ElementKind.Model))
            {
                pages.Add(page);
                if ((most -= page.Models.Count) <= 0) return pages;
            }
        return pages;
    }

    private static void Judge(List<CatalogPage> pages)
    {
        foreach (var source in pages.GroupBy(page => page.ObservedAt))
        {
            var judge = new EarlyJudge(source.Key.UtcDateTime);
            foreach (var incoming in source.SelectMany(page => page.Incoming)) judge.Judge(incoming);
        }
    }

    private static List<CatalogPage> Later(List<CatalogPage> pages, Func<HubModel, HubModel> change) =>
        pages.ConvertAll(page => new CatalogPage(page.Source, page.ObservedAt.AddDays(1), [.. page.Models.Select(change)], [], [], null));

    private async Task WriteAsync(List<CatalogPage> pages)
    {
        using var catalog = new CatalogWriter(_database, TimeProvider.System);
        foreach (var page in pages) await catalog.WriteAsync(page, CancellationToken.None);
    }

    private async Task EmptyAsync()
    {
        await using var command = _database.CreateCommand("TRUNCATE crawl_cursor, quarantine, model, term, license CASCADE");
        await command.ExecuteNonQueryAsync();
        await using var settle = _database.CreateCommand("CHECKPOINT");
        await settle.ExecuteNonQueryAsync();
    }

    private async Task<string?> VersionsAsync()
    {
        await using var command = _database.CreateCommand(
            """
            SELECT string_agg(version, ' ' ORDER BY version) FROM (
                SELECT count(*) || ':' || sum(xmin::text::bigint) || ':' || sum(hashtext(ctid::text)) AS version FROM model UNION ALL SELECT count(*) || ':' || sum(xmin::text::bigint) FROM model_counters
                UNION ALL SELECT count(*) || ':' || sum(xmin::text::bigint) FROM model_facts UNION ALL SELECT count(*) || ':' || sum(xmin::text::bigint) FROM verdict
                UNION ALL SELECT count(*) || ':' || sum(xmin::text::bigint) FROM model_base UNION ALL SELECT count(*) || ':' || sum(xmin::text::bigint) FROM term) AS tables
            """);
        return await command.ExecuteScalarAsync() as string;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
