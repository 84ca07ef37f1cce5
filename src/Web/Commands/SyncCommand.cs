using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Health;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Commands;

/// <summary>The crawl in the foreground: progress on stderr, one line a source on stdout.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(20);

    /// <summary>Between tries at a database that is away: the pass goes on where it stopped.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Stop after one pass; else begin again every 20 minutes until Ctrl+C." };
        var full = new Option<bool>("--full") { Description = "List everything, not only what changed. A full pass that was cut short goes on where it was." };
        var data = new Option<string?>("--data") { Description = "Data folder of the embedded database (default: .atlas beside the solution).", HelpName = "DIR" };
        var command = new Command("sync", "Bring the catalogue up to date from the hub of Atlas__Hub__Endpoint.") { once, full, data };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(once), parsed.GetValue(full), AtlasConfiguration.Load(parsed.GetValue(data)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool once, bool full, IConfiguration configuration, CancellationToken cancellationToken)
    {
        using var loggers = AtlasLogging.CreateFactory(configuration);
        await using var database = await AtlasDatabase.OpenAsync(configuration, loggers, cancellationToken);
        await using var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLogging(logging => logging.AddLogLines(configuration))
            .AddSharedClock()
            .AddDomain(database.ConnectionString)
            .AddIngest()
            .BuildServiceProvider();
        var hub = HubOf(services);
        if (hub.Offline) throw new CommandException("Atlas__Offline is set, so nothing is fetched: unset it to sync.");
        await Console.Error.WriteLineAsync($"Reading {hub.Endpoint}");
        while (true)
        {
            var pause = Pause;
            try
            {
                await services.GetRequiredService<SharedClock>().AskAsync(database.ConnectionString, cancellationToken);
                var whole = await PassAsync(services.GetRequiredService<ForegroundSync>(), full, cancellationToken);
                if (once) return whole ? 0 : 1;
                full = false;
            }
            catch (Exception gone) when (DatabaseTrouble.Find(gone) is { } failure)
            {
                var trouble = DatabaseTrouble.Of(failure, "The crawl stopped");
                if (once) throw trouble;
                await Console.Error.WriteLineAsync(trouble.Message);
                pause = Retry;
            }
            await Task.Delay(pause, cancellationToken);
        }
    }

    /// <summary>True when nothing is missing.</summary>
    private static async Task<bool> PassAsync(ForegroundSync sync, bool full, CancellationToken cancellationToken)
    {
        var whole = true;
        using var progress = new ProgressLine(Console.Error, Console.IsErrorRedirected);
        var started = Stopwatch.GetTimestamp();
        await foreach (var (source, slice) in sync.PassAsync(full, (of, pages, rows) => progress.Show($"{of}: page {pages}, {rows:N0} rows"), cancellationToken))
        {
            progress.End();
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await Console.Out.WriteLineAsync(Result(source, slice, seconds));
            whole &= slice is { End: CrawlEnd.Done or CrawlEnd.Idle };
            started = Stopwatch.GetTimestamp();
        }
        return whole;
    }

    private static string Result(string source, CrawlSlice? slice, double seconds) => slice switch
    {
        null => $"{source}: skipped, another process is reading it",
        { End: CrawlEnd.Idle } => $"{source}: nothing to do",
        { End: CrawlEnd.Done or CrawlEnd.Partial, Pages: 0, Detail: var why } => $"{source}: {End(slice)}{slice.Read} models asked for in {seconds:0.0} s{(why is null ? "" : $": {why}")}",
        _ => FormattableString.Invariant($"{source}: {End(slice)}{slice.Read} read, {slice.Written.Stored} stored, {slice.Written.Merged} merged, {slice.Written.Unchanged} unchanged, ")
            + FormattableString.Invariant($"{slice.Written.Quarantined} quarantined in {seconds:0.0} s ({slice.Read / Math.Max(seconds, 0.001):0} rows/s)")
            + (slice.Detail is { } why ? $": {why}" : ""),
    };

    private static string End(CrawlSlice slice) => slice.End == CrawlEnd.Done ? "" : "with a gap, ";

    private static HubOptions HubOf(IServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<IOptions<SyncOptions>>().Value;
            return services.GetRequiredService<IOptions<HubOptions>>().Value;
        }
        catch (OptionsValidationException wrong)
        {
            throw new CommandException(string.Join(" ", wrong.Failures));
        }
    }
}
