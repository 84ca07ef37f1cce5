using System.Text;
using System.Text.Json.Nodes;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Ingest.Tests.Sync;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

/// <summary>Rows of a list, spoilt at random by seed. None brings the reader down, and each is stored, merged or set aside.</summary>
public sealed class MutatedRowTests(PostgresFixture postgres)
{
    private static readonly string[] Hostile =
    [
        "null", "true", "-1", "1e400", "1e-400", "99999999999999999999", "0.5", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"9999-12-31T23:59:60Z\"", "\"0001-01-01\"", "[]", "{}", "[[[[[]]]]]", "[null,1,{\"a\":[]}]",
        "{\"license\":{\"license\":[]}}", "\"\\u202e../../etc\"", "\"<script>\"", "[\"license:\",\"license:mit\",\"base_model:\",\"base_model:a/b:c/d\",\"dataset:\"]", "[{\"rfilename\":7},{\"rfilename\":\"\",\"size\":-1}]",
    ];

    [Fact]
    public async Task ING_21_Of_20000_spoilt_rows_none_is_lost_and_none_brings_the_reader_down()
    {
        const int Stored = 4_000;
        var random = new Random(21);
        await using var desk = await CatalogDesk.OpenAsync(postgres);
        var (models, unreadable, read) = (new List<HubModel>(), new List<UnreadableElement>(), 0);
        for (var number = 0; number < 20_000; number++)
        {
            var row = Spoil(Encoding.UTF8.GetBytes(FakeModels.One(number, random).ToJsonString()), random);
            if (HubModelReader.TryRead(row, trusted: false, out var model, [], out var reason))
            {
                read++;
                models.Add(model);
                // What was read can be kept: written out, it is read back as the same.
                var kept = HubModelWriter.Write(model);
                Assert.True(HubModelReader.TryRead(kept, trusted: true, out var again, [], out var refusal), $"row {number}: {refusal}: {Encoding.UTF8.GetString(kept)}");
                Assert.Equal(Encoding.UTF8.GetString(kept), Encoding.UTF8.GetString(HubModelWriter.Write(again)));
            }
            else
            {
                Assert.NotEmpty(reason);
                unreadable.Add(UnreadableElement.Of($"row {number}", reason, row));
            }
            if (number >= Stored) models.Clear();
            if (number >= Stored || (number + 1) % 500 != 0) continue;
            var result = await desk.Writer.WriteAsync(new("test", new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), [.. models], [], [.. unreadable], null), TestContext.Current.CancellationToken);
            Assert.Equal(500, result.Total);
            Assert.Equal(unreadable.Count, result.Quarantined);
            models.Clear();
            unreadable.Clear();
        }
        Assert.InRange(read, 4_000, 19_000); // both kinds were met
        Assert.InRange(await desk.ValueAsync<long>("SELECT count(*) FROM model"), 1, Stored);
    }

    /// <summary>One to three of: a field with another value, a field twice, bytes changed, taken out or put in, an end cut off.</summary>
    private static byte[] Spoil(byte[] row, Random random)
    {
        for (var times = random.Next(1, 4); times > 0 && row.Length > 2; times--)
        {
            var at = random.Next(row.Length);
            switch (random.Next(6))
            {
                case 0 or 1 when Fields(row) is { Count: > 0 } fields:
                    fields[fields.ElementAt(random.Next(fields.Count)).Key] = "@";
                    row = Encoding.UTF8.GetBytes(fields.ToJsonString().Replace("\"@\"", Hostile[random.Next(Hostile.Length)], StringComparison.Ordinal));
                    break;
                case 2 when Fields(row) is { Count: > 0 } fields:
                    row = [(byte)'{', .. Encoding.UTF8.GetBytes($"\"{fields.ElementAt(random.Next(fields.Count)).Key}\":{Hostile[random.Next(Hostile.Length)]},"), .. row[1..]];
                    break;
                case 3:
                    row[at] = (byte)random.Next(256);
                    break;
                case 4:
                    row = [.. row[..at], .. row[Math.Min(row.Length, at + random.Next(1, 9))..]];
                    break;
                case 5 when random.Next(4) == 0:
                    row = row[..at];
                    break;
                default:
                    row = [.. row[..at], .. row[at..Math.Min(row.Length, at + random.Next(1, 40))], .. row[at..]];
                    break;
            }
        }
        return row;
    }

    /// <summary>Null once the row is no JSON any more, or none that can be written.</summary>
    private static JsonObject? Fields(byte[] row)
    {
        try
        {
            var fields = JsonNode.Parse(row) as JsonObject;
            return fields?.Count > 0 && fields.ToJsonString().Length > 0 ? fields : null;
        }
        catch (Exception spoilt) when (spoilt is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
