using System.Globalization;
using System.IO.Hashing;
using Microsoft.Extensions.Logging;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using Npgsql;

namespace ModelAtlas.Ingest.Bundled;

/// <summary>Loads the facts that come with the program, once for each state of them. They are merged like any other source, so newer observations stay.</summary>
public sealed partial class LoadBundledCatalogueJob(CatalogWriter catalog, NpgsqlDataSource database, TimeProvider clock, ILogger<LoadBundledCatalogueJob> logger)
{
    private const int PageSize = 500;

    public async Task<PageResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetUtcNow();
        var cursor = await CursorAsync(started.UtcDateTime, cancellationToken);
        if (await IsLoadedAsync(cursor.Source, cancellationToken)) return PageResult.None;
        var result = PageResult.None;
        foreach (var lines in Lines().Chunk(PageSize)) result += await catalog.WriteAsync(Page(lines, started), cancellationToken);
        await catalog.SettleAsync(cancellationToken);
        await catalog.WriteAsync(new(BundledCatalogue.Source, started, [], [], [], cursor), cancellationToken);
        LogLoaded(result.Stored, result.Merged, result.Unchanged, result.Quarantined);
        return result;
    }

    private static CatalogPage Page(IReadOnlyList<ReadOnlyMemory<byte>> lines, DateTimeOffset at)
    {
        var (models, unreadable, issues) = (new List<HubModel>(), new List<UnreadableElement>(), new List<string>());
        foreach (var line in lines)
        {
            if (HubModelReader.TryRead(line.Span, trusted: true, out var model, issues, out var reason)) models.Add(model);
            else unreadable.Add(UnreadableElement.Of("bundled row", reason, line.Span));
        }
        return new(BundledCatalogue.Source, at, models, [], unreadable, null);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines()
    {
        using var content = BundledCatalogue.Open();
        var reader = new ElementReader(content);
        while (reader.TryRead(out var line, out _)) yield return line.ToArray();
    }

    /// <summary>The row that says that this state of the facts was loaded.</summary>
    private static async Task<CrawlCursor> CursorAsync(DateTime now, CancellationToken cancellationToken)
    {
        var hash = new XxHash64();
        await using (var content = BundledCatalogue.Open()) await hash.AppendAsync(content, cancellationToken);
        return new()
        {
            Source = $"{BundledCatalogue.Source}:{hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture)}",
            State = CrawlState.Done,
            StartedAt = now,
            HeartbeatAt = now,
            FinishedAt = now,
        };
    }

    private async Task<bool> IsLoadedAsync(string source, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM crawl_cursor WHERE source = $1) AND EXISTS (SELECT FROM model)");
        command.Parameters.Add(new() { Value = source });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the bundled catalogue: {Stored} new, {Merged} merged, {Unchanged} unchanged, {Quarantined} unreadable")]
    private partial void LogLoaded(int stored, int merged, int unchanged, int quarantined);
}
