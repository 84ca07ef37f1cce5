using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Judging;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Ingest.Tests.Bundled;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Sync;

/// <summary><c>./atlas classify</c> and the catalogue over the same rows, cards and datasets.</summary>
public sealed class OneJudgementTests(PostgresFixture postgres)
{
    private const string Models = "hub/catalog/models-detail-2024-07.jsonl.gz";
    private const string Datasets = "hub/catalog/datasets-list-2024-07.jsonl.gz";
    private const int Rows = 900;

    private static readonly string[] Cards = ["hub/cards/cards-2024-05.jsonl.gz", "hub/cards/cards-2024-12.jsonl.gz"];

    [Fact]
    public async Task The_file_judge_and_the_catalogue_give_the_same_verdict()
    {
        string? models = SharedData.Find(Models), datasets = SharedData.Find(Datasets);
        Assert.SkipWhen(models is null || datasets is null, SharedData.SkipMessage(Models));
        var cancellationToken = TestContext.Current.CancellationToken;
        var bundled = BundledRows.Models.Select(model => model.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var carded = Cards.Select(SharedData.Find).OfType<string>().SelectMany(Lines).Where(line => !line.Contains("\"id_certain\":false", StringComparison.Ordinal))
            .Select(line => (Id: Text(line, "id"), Line: line)).DistinctBy(card => card.Id).ToDictionary(card => card.Id, card => card.Line);
        var rows = Lines(models).Select(line => (Id: Text(line, "id"), Line: line)).Where(row => row.Id.Contains('/', StringComparison.Ordinal) && !bundled.Contains(row.Id))
            .DistinctBy(row => row.Id, StringComparer.OrdinalIgnoreCase).OrderBy(row => !carded.ContainsKey(row.Id) && !row.Line.Contains("base_model", StringComparison.Ordinal)).Take(Rows).ToDictionary(row => row.Id, row => row.Line);
        var cards = carded.Where(card => rows.ContainsKey(card.Key)).Select(card => (Id: card.Key, Line: card.Value)).ToList();
        var data = Lines(datasets).Where((_, at) => at % 3 == 0).Concat(Lines(datasets).Where(line => line.Contains("-nc", StringComparison.Ordinal))).Distinct().ToList();
        Assert.NotEmpty(cards);

        await using var folder = await TestFolder.CreateAsync("judge");
        var judged = Judge(folder, rows.Values, cards.Select(card => card.Line), data);

        await using var desk = await CatalogDesk.OpenAsync(postgres);
        await new LoadBundledCatalogueJob(desk.Writer, desk.Database, TimeProvider.System, NullLogger<LoadBundledCatalogueJob>.Instance).RunAsync(cancellationToken);
        foreach (var chunk in data.Chunk(1_000)) await desk.Writer.WriteAsync(CatalogDesk.Page("2024-07-11") with { Datasets = [.. chunk.Select(Dataset).OfType<HubDataset>()] }, cancellationToken);
        foreach (var chunk in rows.Chunk(100))
        {
            var page = CatalogDesk.Page("2024-07-11", [.. chunk.Select(row => row.Value)]);
            await desk.Writer.WriteAsync(page with { Cards = [.. cards.Where(card => chunk.Any(row => row.Key == card.Id)).Select(card => new HubCard(card.Id, Text(card.Line, "card")))] }, cancellationToken);
        }
        await desk.Writer.SettleAsync(cancellationToken);

        var stored = await StoredAsync(desk);
        Assert.Equal(rows.Count, judged.Count);
        var different = judged.Where(row => stored[row.Key] != row.Value).Select(row => $"{row.Key}: {row.Value} | {stored[row.Key]}").ToList();
        Assert.True(different.Count == 0, $"{different.Count} of {judged.Count} differ:\n{string.Join('\n', different.Take(20))}");
        Assert.Contains(judged.Values, verdict => verdict.Contains("base", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Judge(TestFolder folder, IEnumerable<string> rows, IEnumerable<string> cards, IEnumerable<string> datasets)
    {
        string Write(string name, IEnumerable<string> lines)
        {
            var path = Path.Combine(folder.Path, name);
            File.WriteAllLines(path, lines);
            return path;
        }

        using var output = new MemoryStream();
        FileJudge.Run(
            new([Write("models.jsonl", rows)], [Write("cards.jsonl", cards)], [Write("datasets.jsonl", datasets)], null, Lens.Default, new DateTimeOffset(2024, 7, 11, 0, 0, 0, TimeSpan.Zero)),
            output, new UnreadLines(), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(line => Text(line, "id"), line =>
        {
            using var verdict = JsonDocument.Parse(line);
            var (root, license) = (verdict.RootElement, verdict.RootElement.GetProperty("license"));
            return string.Join(
                " / ", root.GetProperty("class"), license.GetProperty("effective"), license.GetProperty("source"),
                string.Join(' ', root.GetProperty("axes").EnumerateObject().Select(axis => $"{axis.Name} {axis.Value}")),
                string.Join(' ', license.GetProperty("conflicts").EnumerateArray()),
                string.Join(' ', root.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("rule").GetString())));
        });
    }

    private static async Task<Dictionary<string, string>> StoredAsync(CatalogDesk desk)
    {
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = desk.Database.CreateCommand("SELECT DISTINCT ON (model.id) repo_id, document FROM model JOIN verdict ON model_id = model.id ORDER BY model.id, verdict.id DESC");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var verdict = JsonSerializer.Deserialize(reader.GetString(1), VerdictJson.Default.Verdict) ?? throw new InvalidOperationException();
            var axes = verdict.Axes;
            stored[reader.GetString(0)] = string.Join(
                " / ", verdict.Class switch { null => "", Domain.Catalog.Openness.OpenSource => "open-source", Domain.Catalog.Openness.OpenWeights => "open-weights", _ => "closed" },
                verdict.License.Effective, verdict.License.Source, $"weights {axes.Weights} license {axes.License} code {axes.Code} data {axes.Data}",
                string.Join(' ', verdict.License.Conflicts), string.Join(' ', verdict.Reasons.Select(reason => reason.Rule)));
        }
        return stored;
    }

    private static HubDataset? Dataset(string line) => HubDatasetReader.TryRead(Encoding.UTF8.GetBytes(line), out var dataset, [], out _) ? dataset : null;

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static string Text(string line, string field)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty(field, out var value) ? value.GetString() ?? "" : "";
    }
}
