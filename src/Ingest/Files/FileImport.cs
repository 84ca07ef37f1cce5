using System.Diagnostics;
using System.Threading.Channels;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Sync;
using Npgsql;

namespace ModelAtlas.Ingest.Files;

/// <summary>Takes one file into the catalogue, page by page, one being read while another is written. Stopped at any point, it goes on behind the last page written.</summary>
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
        var pages = Channel.CreateBounded<ImportPage>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(file, shape, before, pages.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(cancellationToken))
            {
                var result = await WriteAsync(file, page, run.After(page.Rows, CrawlState.Running, clock), cancellationToken);
                (run, written) = (run.Add(page.Rows, result), written + result);
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
        await WriteAsync(file, new(shape), run.After(0, failure is null ? CrawlState.Done : CrawlState.Failed, clock), cancellationToken);
        await catalog.SettleAsync(cancellationToken);
        if (failure is not null) throw new InvalidDataException($"{file.Path} is damaged after row {run.Read}: the rows before are stored; get the file again and import it. ({failure.Message})", failure);
        if (run.Written.Total != run.Read) throw new InvalidOperationException($"{file.Name}: {run.Read} rows were read but {run.Written.Total} are accounted for.");
        return new(file, shape, written, before, Stopwatch.GetElapsedTime(started), await ledger.ReasonsAsync(file, cancellationToken));
    }

    private static async Task ReadAsync(ImportFile file, ElementKind shape, long skip, ChannelWriter<ImportPage> pages, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = file.Read(out var place);
            var reader = new ElementReader(content);
            var page = new ImportPage(shape);
            while (reader.TryRead(out var element, out var length))
            {
                if (reader.Count <= skip) continue;
                page.Take(element, length, reader.Position);
                if (!page.IsFull) continue;
                page.Place = place();
                await pages.WriteAsync(page, cancellationToken);
                page = new(shape);
            }
            page.Place = 1;
            if (page.Rows > 0) await pages.WriteAsync(page, cancellationToken);
            pages.Complete();
        }
        catch (Exception failure)
        {
            // Comes out where the pages are taken.
            pages.Complete(failure);
        }
    }

    /// <summary>A database that is away for a moment costs a pause, not the import.</summary>
    private async Task<PageResult> WriteAsync(ImportFile file, ImportPage page, CrawlCursor cursor, CancellationToken cancellationToken)
    {
        var rows = new CatalogPage(file.Source, file.ObservedAt, page.Models, page.Datasets, page.Unreadable, cursor) { Cards = page.Cards };
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
}

/// <param name="Place">How much of the file has been read, from 0 to 1.</param>
public sealed record ImportProgress(string File, double Place, long Rows, TimeSpan Elapsed);

/// <param name="Written">What became of the rows of this time.</param>
/// <param name="Before">Rows that an earlier, interrupted import of the same file had taken.</param>
/// <param name="Reasons">Why elements of this file are in quarantine, and how many.</param>
public sealed record ImportReport(ImportFile File, ElementKind Kind, PageResult Written, long Before, TimeSpan Elapsed, IReadOnlyList<KeyValuePair<string, long>> Reasons);
