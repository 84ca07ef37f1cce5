using System.Diagnostics;
using System.Threading.Channels;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using Npgsql;

namespace ModelAtlas.Ingest.Files;

/// <summary>
/// Takes one file into the catalogue page by page: one thread takes the file apart, others read and judge the rows of the next pages while one page is written.
/// Stopped at any point, it goes on behind the last page written.
/// </summary>
public sealed class FileImport(CatalogWriter catalog, ImportLedger ledger, TimeProvider clock)
{
    private const int PagesAhead = 2;
    private const int MostTries = 6;

    /// <param name="kind">What the rows are; null to find out.</param>
    public async Task<ImportReport> RunAsync(ImportFile file, ElementKind? kind, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var shape = kind ?? ShapeFinder.Find(file);
        var run = await ledger.OpenAsync(file, cancellationToken);
        var (before, written, failure) = (run.Read, PageResult.None, (Exception?)null);
        var judge = new EarlyJudge(Instant.Round(file.ObservedAt.UtcDateTime));
        var pages = Channel.CreateBounded<Task<ReadPage>>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(file, page => Prepare(file, shape, page, judge), before, pages.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var coming in pages.Reader.ReadAllAsync(cancellationToken))
            {
                var page = await coming;
                var result = await WriteAsync(page.Rows with { Cursor = run.After(page.Count, CrawlState.Running, clock) }, cancellationToken);
                (run, written) = (run.Add(page.Count, result), written + result);
                judge.IsWorthwhile = result.Stored * 2 > page.Count;
                progress?.Report(new(file.Name, page.Place, run.Read - before, Stopwatch.GetElapsedTime(started)));
            }
        }
        catch (InvalidDataException damaged)
        {
            failure = damaged;
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await WriteAsync(new(file.Source, file.ObservedAt, [], [], [], run.After(0, failure is null ? CrawlState.Done : CrawlState.Failed, clock)), cancellationToken);
        await catalog.SettleAsync(cancellationToken);
        if (failure is not null) throw new InvalidDataException($"{file.Path} is damaged after row {run.Read}: the rows before are stored; get the file again and import it. ({failure.Message})", failure);
        if (run.Written.Total != run.Read) throw new InvalidOperationException($"{file.Name}: {run.Read} rows were read but {run.Written.Total} are accounted for.");
        return new(file, shape, written, before, Stopwatch.GetElapsedTime(started), await ledger.ReasonsAsync(file, cancellationToken));
    }

    private static async Task ReadAsync(ImportFile file, Func<RawPage, ReadPage> prepare, long skip, ChannelWriter<Task<ReadPage>> pages, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var page in RawPages(file, skip)) await pages.WriteAsync(Task.Run(() => prepare(page), CancellationToken.None), cancellationToken);
            pages.Complete();
        }
        catch (Exception failure)
        {
            // Comes out where the pages are taken.
            pages.Complete(failure);
        }
    }

    /// <summary>The pages of a file as they are written, one after the other.</summary>
    internal static IEnumerable<CatalogPage> Pages(ImportFile file, ElementKind shape) => RawPages(file, 0).Select(page => Read(file, shape, page));

    private static IEnumerable<RawPage> RawPages(ImportFile file, long skip)
    {
        using var reader = file.Read();
        var page = new RawPage();
        while (reader.TryRead(out var element, out var length))
        {
            if (reader.Count <= skip) continue;
            page.Take(element.Span, length, reader.Position);
            if (!page.IsFull) continue;
            page.Place = reader.Place;
            yield return page;
            page = new();
        }
        page.Place = 1;
        if (page.Rows > 0) yield return page;
    }

    private static CatalogPage Read(ImportFile file, ElementKind shape, RawPage raw)
    {
        var page = raw.Read(shape);
        return new(file.Source, file.ObservedAt, page.Models, page.Datasets, page.Unreadable, null) { Cards = page.Cards };
    }

    /// <summary>All that can be done for a page before its turn to be written.</summary>
    private static ReadPage Prepare(ImportFile file, ElementKind shape, RawPage raw, EarlyJudge judge)
    {
        var rows = Read(file, shape, raw);
        foreach (var incoming in rows.Incoming) judge.Judge(incoming);
        return new(rows, raw.Rows, raw.Place);
    }

    /// <summary>A database that is away for a moment costs a pause, not the import.</summary>
    private async Task<PageResult> WriteAsync(CatalogPage rows, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await catalog.WriteAsync(rows, cancellationToken);
            }
            catch (NpgsqlException gone) when (gone.IsTransient && tried < MostTries)
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, tried - 1)), clock, cancellationToken);
            }
        }
    }

    private sealed record ReadPage(CatalogPage Rows, int Count, double Place);
}

/// <param name="Place">How much of the file has been read, from 0 to 1.</param>
public sealed record ImportProgress(string File, double Place, long Rows, TimeSpan Elapsed);

/// <param name="Written">What became of the rows of this time.</param>
/// <param name="Before">Rows that an earlier, interrupted import of the same file had taken.</param>
/// <param name="Reasons">Why elements of this file are in quarantine, and how many.</param>
public sealed record ImportReport(ImportFile File, ElementKind Kind, PageResult Written, long Before, TimeSpan Elapsed, IReadOnlyList<KeyValuePair<string, long>> Reasons);
