using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;
using Parquet;
using Parquet.Schema;

namespace ModelAtlas.Ingest.Tests.Files;

/// <summary>Tables with columns named like the hub's fields, written by the test itself.</summary>
public sealed class ParquetImportTests(PostgresFixture postgres)
{
    private const string Name = "models-2024-07-01.parquet";

    [Fact]
    public async Task A_table_gives_the_same_catalogue_as_the_same_rows_in_lines()
    {
        await using var table = await ImportDesk.OpenAsync(postgres);
        await WriteAsync(table.PathOf(Name), rows: 3);
        var report = await table.ImportAsync(Name);
        Assert.Equal((3, 0), (report.Written.Stored, report.Written.Quarantined));

        await using var lines = await ImportDesk.OpenAsync(postgres);
        await File.WriteAllTextAsync(
            lines.PathOf("models-2024-07-01.jsonl"),
            """
            {"id":"acme/one","_id":"62a0b0dcfbad78ab68ffc4b0","likes":7,"createdAt":"2023-02-03T04:05:06.000Z","private":false,"gated":false,"tags":["transformers","license:mit"],"pipeline_tag":"text-generation","safetensors":{"parameters":{"BF16":12},"total":12},"cardData":{"license":"mit","datasets":["acme/food"]}}
            {"id":"acme/two","likes":0,"gated":"auto","tags":[]}
            {"id":"acme/three","likes":5,"createdAt":"2024-01-01T00:00:00.000Z","private":false,"gated":"manual","tags":["diffusers"],"safetensors":{"total":1000}}
            """,
            TestContext.Current.CancellationToken);
        await lines.ImportAsync("models-2024-07-01.jsonl");

        Assert.Equal(await lines.Catalog.ContentAsync(), await table.Catalog.ContentAsync());
        Assert.Equal(3, (await table.ImportAsync(Name)).Written.Unchanged);
    }

    [Fact]
    public async Task A_table_of_a_few_columns_in_many_row_groups_is_taken_too()
    {
        await using var desk = await ImportDesk.OpenAsync(postgres);
        var (id, downloads) = (new DataField<string>("id"), new DataField<long>("downloads"));
        await using (var file = File.Create(desk.PathOf(Name)))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, downloads), file, cancellationToken: TestContext.Current.CancellationToken))
        {
            for (var part = 0; part < 5; part++)
            {
                using var group = writer.CreateRowGroup();
                await group.WriteAsync(id, Enumerable.Range(part * 300, 300).Select(n => $"acme/model-{n}").ToList());
                await group.WriteAsync<long>(downloads, Enumerable.Range(part * 300, 300).Select(n => (long)n).ToArray(), cancellationToken: TestContext.Current.CancellationToken);
            }
        }
        Assert.Equal(1_500, (await desk.ImportAsync(Name)).Written.Stored);
        Assert.Equal(1_499L, await desk.Catalog.ValueAsync<long>("SELECT downloads FROM model_counters JOIN model ON model.id = model_id WHERE repo_id = 'acme/model-1499'"));
    }

    [Fact]
    public async Task Whatever_columns_are_there_a_table_says_what_the_same_rows_in_lines_say()
    {
        string[] columns = ["_id", "downloads", "likes", "trendingScore", "createdAt", "lastModified", "gated", "pipeline_tag", "library_name", "cardData"];
        var random = new Random(5);
        for (var turn = 0; turn < 8; turn++)
        {
            HashSet<string> kept = [.. columns.Where(_ => random.Next(2) == 0)];
            var rows = FakeModels.Make(60, seed: turn).Select(row => new JsonObject([.. row.Where(field => field.Key == "id" || kept.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))])).ToList();
            await using var table = await ImportDesk.OpenAsync(postgres);
            await using var lines = await ImportDesk.OpenAsync(postgres);
            await WriteAsync(table.PathOf(Name), rows, ["id", .. kept]);
            await File.WriteAllLinesAsync(lines.PathOf("models-2024-07-01.jsonl"), rows.Select(row => row.ToJsonString()), TestContext.Current.CancellationToken);

            Assert.Equal(60, (await table.ImportAsync(Name)).Written.Stored);
            await lines.ImportAsync("models-2024-07-01.jsonl");

            Assert.True(await lines.Catalog.ContentAsync() == await table.Catalog.ContentAsync(), $"They differ with the columns {string.Join(' ', kept)}.");
            var versions = await table.Catalog.VersionsAsync();
            Assert.Equal(60, (await table.ImportAsync(Name)).Written.Unchanged);
            Assert.Equal(versions, await table.Catalog.VersionsAsync());
        }
    }

    [Fact]
    public async Task A_row_without_an_id_is_quarantined_and_its_neighbours_are_stored()
    {
        await using var desk = await ImportDesk.OpenAsync(postgres);
        await WriteAsync(desk.PathOf(Name), rows: 4);
        var report = await desk.ImportAsync(Name);
        Assert.Equal((3, 1), (report.Written.Stored, report.Written.Quarantined));
        Assert.Equal("row 4", await desk.Catalog.ValueAsync<string>("SELECT position FROM quarantine"));
    }

    [Fact]
    public async Task Damaged_tables_are_named_and_leave_nothing_behind()
    {
        await using var desk = await ImportDesk.OpenAsync(postgres);
        await WriteAsync(desk.PathOf(Name), rows: 3);
        var whole = await File.ReadAllBytesAsync(desk.PathOf(Name), TestContext.Current.CancellationToken);
        var random = new Random(7);
        for (var n = 0; n < 60; n++)
        {
            var bytes = whole.ToArray();
            if (n < 10) bytes = bytes[..random.Next(4, bytes.Length)];
            else for (var at = 0; at < 8; at++) bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            await File.WriteAllBytesAsync(desk.PathOf("broken-2024-07-01.parquet"), bytes, TestContext.Current.CancellationToken);
            try
            {
                await desk.ImportAsync("broken-2024-07-01.parquet");
            }
            catch (InvalidDataException damaged)
            {
                Assert.Contains("broken-2024-07-01.parquet", damaged.Message, StringComparison.Ordinal);
            }
        }
        await File.WriteAllBytesAsync(desk.PathOf("short-2024-07-01.parquet"), whole[..^20], TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidDataException>(() => desk.ImportAsync("short-2024-07-01.parquet"));
    }

    private static async Task WriteAsync(string path, List<JsonObject> rows, IReadOnlyList<string> columns)
    {
        var token = TestContext.Current.CancellationToken;
        List<DataField> fields = [.. columns.Select<string, DataField>(name => name switch
        {
            "downloads" or "likes" or "trendingScore" => new DataField<long>(name),
            "createdAt" or "lastModified" => new DataField<DateTime>(name),
            _ => new DataField<string>(name),
        })];
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, cancellationToken: token);
        using var group = writer.CreateRowGroup();
        foreach (var field in fields)
        {
            if (field.ClrType == typeof(long)) await group.WriteAsync<long>(field, rows.Select(row => row[field.Name]!.GetValue<int>()).Select(number => (long)number).ToArray(), cancellationToken: token);
            else if (field.ClrType == typeof(DateTime)) await group.WriteAsync<DateTime>(field, rows.Select(row => DateTime.Parse($"{row[field.Name]}", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)).ToArray(), cancellationToken: token);
            else await group.WriteAsync(field, rows.Select(row => TextOf(row[field.Name])!).ToList());
        }
        group.CompleteValidate();

        static string? TextOf(JsonNode? value) => value?.GetValueKind() switch { null => null, JsonValueKind.False => "False", JsonValueKind.Object => value.ToJsonString(), _ => $"{value}" };
    }

    private static async Task WriteAsync(string path, int rows)
    {
        var (hubId, id, likes) = (new DataField<string>("_id"), new DataField<string>("id"), new DataField<double>("likes"));
        var (created, hidden, gated, task, card) = (new DataField<DateTime?>("createdAt"), new DataField<bool?>("private"), new DataField<string>("gated"), new DataField<string>("pipeline_tag"), new DataField<string>("cardData"));
        var other = new DataField<string>("widget");
        var tags = new ListField("tags", new DataField<string>("element"));
        var safetensors = new StructField("safetensors", new StructField("parameters", new DataField<long?>("BF16"), new DataField<long?>("F32")), new DataField<long?>("total"));
        var schema = new ParquetSchema(hubId, id, likes, created, hidden, gated, task, card, other, tags, safetensors);
        var token = TestContext.Current.CancellationToken;
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: token);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(hubId, Rows("62a0b0dcfbad78ab68ffc4b0", null, null, null));
        await group.WriteAsync(id, Rows("acme/one", "acme/two", "acme/three", null));
        await group.WriteAsync<double>(likes, new double[] { 7, 0, 5, 1 }.AsMemory(0, rows), cancellationToken: token);
        await group.WriteAsync<DateTime>(created, new DateTime?[] { new(2023, 2, 3, 4, 5, 6, DateTimeKind.Utc), null, new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), null }.AsMemory(0, rows), cancellationToken: token);
        await group.WriteAsync<bool>(hidden, new bool?[] { false, null, false, null }.AsMemory(0, rows), cancellationToken: token);
        await group.WriteAsync(gated, Rows("False", "auto", "manual", null));
        await group.WriteAsync(task, Rows("text-generation", null, null, null));
        await group.WriteAsync(card, Rows("""{"license":"mit","datasets":["acme/food"]}""", null, null, null));
        await group.WriteAsync(other, Rows("x", "y", "z", null));
        // Two tags, an empty list, one tag, no list.
        int[] definitions = rows == 4 ? [3, 3, 1, 3, 0] : [3, 3, 1, 3], repetitions = rows == 4 ? [0, 1, 0, 0, 0] : [0, 1, 0, 0];
        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(Leaf("tags", "list", "element"), new[] { "transformers".AsMemory(), "license:mit".AsMemory(), "diffusers".AsMemory() }, definitions, repetitions, token);
        // All of it, no struct, a struct without the inner one, no struct.
        await group.WriteAllPartsAsync<long>(Leaf("safetensors", "parameters", "BF16"), new long[] { 12 }, new[] { 3, 0, 1, 0 }.AsMemory(0, rows), null, token);
        await group.WriteAllPartsAsync<long>(Leaf("safetensors", "parameters", "F32"), Array.Empty<long>(), new[] { 2, 0, 1, 0 }.AsMemory(0, rows), null, token);
        await group.WriteAllPartsAsync<long>(Leaf("safetensors", "total"), new long[] { 12, 1000 }, new[] { 2, 0, 2, 0 }.AsMemory(0, rows), null, token);
        group.CompleteValidate();

        DataField Leaf(params string[] at) => schema.FindDataField(new FieldPath(at));
        List<string> Rows(params string?[] values) => [.. values.Take(rows).Select(value => value!)];
    }
}
