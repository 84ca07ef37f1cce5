using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Bench.Catalog;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Postgres;
using Npgsql;

var rows = new Argument<int>("ROWS") { Description = "How many models to make up.", DefaultValueFactory = _ => 3_000_000 };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "The same seed makes the same models and asks the same questions." };
var each = new Option<int>("--each") { DefaultValueFactory = _ => 100, Description = "Questions of each of the twelve shapes to the index." };
var others = new Option<int>("--others") { DefaultValueFactory = _ => 4, Description = "Questions of each shape to PostgreSQL and DuckDB; 0 leaves them out." };
var data = new Option<string?>("--data") { Description = "Folder for the databases, kept for the next run with the same rows, seed and tags; without it a temporary one." };
var moreTags = new Option<int>("--more-tags") { Description = "So many tags more on every model: 5 make 9 to 20 on the hub of 4 to 15." };
var parts = new Option<string[]>("--parts") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["follow", "others", "site"], Description = "What to measure besides the index: follow, others, site; fill alone only makes the database." };
var command = new RootCommand("Measures the catalogue at the scale of the hub and prints what was wanted beside what was measured.") { rows, seed, each, others, data, moreTags, parts };
command.SetAction(parsed => RunAsync(new(parsed.GetValue(rows), parsed.GetValue(seed), parsed.GetValue(moreTags)), parsed.GetValue(seed), parsed.GetValue(each), parsed.GetValue(others), parsed.GetValue(data), parsed.GetValue(parts) ?? []));
return await command.Parse(args).InvokeAsync();

static async Task RunAsync(HubShape hub, int seed, int each, int others, string? data, string[] parts)
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    var folder = data ?? Directory.CreateTempSubdirectory("modelatlas-bench-").FullName;
    var report = new Report();
    try
    {
        await using var cluster = await PostgresCluster.OpenAsync(new() { DataFolder = folder }, NullLogger.Instance, CancellationToken.None);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster.ConnectionString()) { CommandTimeout = 0 });
        await FillAsync(database, cluster.ConnectionString() + ";Command Timeout=0", hub);

        if (parts is ["fill"]) return;
        var index = await IndexRun.LoadAsync(database, report);
        List<Question> questions = [.. Question.Make(index, Question.Shapes, each, seed)];
        var ours = IndexRun.Ask(index, questions, report);
        if (parts.Contains("follow"))
        {
            await IndexRun.FollowAsync(database, index, report);
            await IndexRun.WriteCountersAsync(database, index, report);
        }
        if (others > 0 && parts.Contains("others"))
        {
            List<Question> few = [.. Question.Make(index, Question.Shapes, others, seed + 1)];
            var postgres = await PostgresRun.AskAsync(database, index, few, report);
            var duck = DuckRun.Ask(folder, hub, index, few, report);
            report.Add("index against plain PostgreSQL, CPU at p95", "≤ 1/200", $"1/{postgres.At(95) / ours.At(95):0}");
            report.Add("index against DuckDB, CPU at p95", "≤ 1/50", $"1/{duck.At(95) / ours.At(95):0}");
        }
        List<Question> pages = [.. Question.Make(index, Question.Shapes, 60, seed + 2)];
        index = null;
        if (parts.Contains("site")) await SiteRun.RunAsync(cluster.ConnectionString(), pages, report);
        report.Print(hub.Count);
    }
    finally
    {
        if (data is null) Directory.Delete(folder, recursive: true);
    }
}

static async Task FillAsync(NpgsqlDataSource database, string connectionString, HubShape hub)
{
    await AtlasMigrator.MigrateAsync(connectionString, CancellationToken.None);
    await using var there = database.CreateCommand("SELECT EXISTS (SELECT FROM model)");
    if (await there.ExecuteScalarAsync() is true) return;
    var clock = Stopwatch.StartNew();
    await CatalogTables.FillAsync(database, hub);
    Report.Detail($"made the models and wrote them to PostgreSQL in {clock.Elapsed.TotalSeconds:0} s");
}
