using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Bench.Ingest;
using ModelAtlas.Web.Postgres;

var files = new Argument<string[]>("FILE") { Description = "Files of models as ./atlas import takes them.", Arity = ArgumentArity.OneOrMore };
var rows = new Option<int>("--rows") { DefaultValueFactory = _ => 100_000, Description = "So many rows at most." };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "How often our writer and the raw COPY take turns." };
var whole = new Option<bool>("--whole") { Description = "Then import the files with all of their rows, as ./atlas import does." };
var command = new RootCommand("Measures how fast rows of the hub come into the catalogue, beside Npgsql's raw COPY of the same rows into the same tables.") { files, rows, rounds, whole };
command.SetAction(parsed => RunAsync(parsed.GetRequiredValue(files), parsed.GetValue(rows), parsed.GetValue(rounds), parsed.GetValue(whole)));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(string[] files, int rows, int rounds, bool whole)
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    var folder = Directory.CreateTempSubdirectory("modelatlas-bench-").FullName;
    try
    {
        await using var cluster = await PostgresCluster.OpenAsync(new() { DataFolder = folder, Durable = false }, NullLogger.Instance, CancellationToken.None);
        await using var run = await IngestRun.OpenAsync(cluster.ConnectionString());
        await run.MeasureAsync(files, rows, rounds, whole);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}
