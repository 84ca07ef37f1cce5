using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Web.Hosting;
using Npgsql;

namespace ModelAtlas.Web.Commands;

internal static class ImportCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "JSON, JSON lines, either gzipped, or parquet of hub-stats: models, datasets or cards, found out per file.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var datasets = new Option<string[]>("--datasets") { Description = "Files of dataset rows.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var cards = new Option<string[]>("--cards") { Description = "Files of {\"id\",\"card\"} lines.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var observed = new Option<string?>("--observed") { Description = "When the files were true; otherwise the date in a file's name.", HelpName = "DATE" };
        var data = new Option<string?>("--data") { Description = "Data folder of the embedded database (default: .atlas beside the solution).", HelpName = "DIR" };
        var command = new Command("import", "Take files of the hub's metadata into the catalogue. Again and again if you like: nothing is stored twice, and what was interrupted goes on.")
        {
            files, datasets, cards, observed, data,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            (string Path, ElementKind? Kind)[] given =
            [
                .. (parsed.GetValue(files) ?? []).Select(path => (path, (ElementKind?)null)),
                .. (parsed.GetValue(datasets) ?? []).Select(path => (path, (ElementKind?)ElementKind.Dataset)),
                .. (parsed.GetValue(cards) ?? []).Select(path => (path, (ElementKind?)ElementKind.Card)),
            ];
            return RunAsync(given, parsed.GetValue(observed), parsed.GetValue(data), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync((string Path, ElementKind? Kind)[] files, string? observed, string? data, CancellationToken cancellationToken)
    {
        if (files is []) throw new CommandException("Name a file to import: ./atlas import FILE… [--datasets FILE…] [--cards FILE…].", 2);
        var date = ReadDate(observed);
        foreach (var (path, _) in files) Check(path);
        var configuration = AtlasConfiguration.Load(data);
        using var loggers = AtlasLogging.CreateFactory(configuration);
        await using var database = await AtlasDatabase.OpenAsync(configuration, loggers, cancellationToken);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var catalog = new CatalogWriter(source, TimeProvider.System);
        var import = new FileImport(catalog, new(source, TimeProvider.System), TimeProvider.System);
        var (started, bar, total) = (Stopwatch.GetTimestamp(), new ImportBar(), new ImportTotal());
        foreach (var (path, kind) in files)
        {
            try
            {
                var file = await ImportFile.OpenAsync(path, date, TimeProvider.System, cancellationToken);
                if (file.DateIsGuessed)
                    await Console.Error.WriteLineAsync($"{path}: neither its name nor --observed says when it was true; taken as of {file.ObservedAt:yyyy-MM-dd}, when it was last written.");
                var report = await import.RunAsync(file, kind, bar, cancellationToken);
                bar.Clear();
                Console.WriteLine(total.Add(report));
            }
            catch (InvalidDataException damaged)
            {
                bar.Clear();
                throw new CommandException(damaged.Message);
            }
            catch (NpgsqlException gone) when (gone.IsTransient)
            {
                bar.Clear();
                throw DatabaseTrouble.Of(gone, path);
            }
        }
        await new CountDayJob(source, TimeProvider.System).RunAsync(cancellationToken);
        Console.WriteLine(total.Line(files.Length, Stopwatch.GetElapsedTime(started)));
        foreach (var (reason, count) in total.Reasons) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"quarantined {count}: {reason}"));
        return 0;
    }

    private static DateTimeOffset? ReadDate(string? observed)
    {
        if (observed is null) return null;
        if (!DateTimeOffset.TryParse(observed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            throw new CommandException($"--observed {observed} is not a date: write it as 2024-07-11.", 2);
        return date <= TimeProvider.System.GetUtcNow() && date.Year >= 2015
            ? date
            : throw new CommandException($"--observed {observed} is not between 2015 and today: say when the files were true.", 2);
    }

    private static void Check(string path)
    {
        if (Directory.Exists(path)) throw new CommandException($"{path} is a folder: name the files in it, e.g. {path.TrimEnd('/')}/*.jsonl.gz.");
        if (!File.Exists(path)) throw new CommandException($"{path} does not exist: check the name, and the folder you are in.");
        try
        {
            using var file = File.OpenRead(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read ({refused.Message}): give this user the right to, or copy it.");
        }
    }
}
