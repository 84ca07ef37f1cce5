using System.Text;
using System.Text.Json;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Judging;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Judging;

/// <summary>Rows that are recalled come out as if each had been read alone.</summary>
public sealed class ListRowTests
{
    private const string Tags = "\"transformers\",\"pytorch\",\"license:apache-2.0\",\"dataset:acme/corpus\",\"region:us\"";

    public static TheoryData<string> Odd => new(
        $$"""{"id":"acme/two","private":true,"tags":[{{Tags}}]}""",
        $$"""{"id":"acme/two","tags":[{{Tags}},"base_model:acme/TWO"]}""",
        $$"""{"id":"acme/two","tags":[{{Tags}}],"tags":["license:cc-by-nc-4.0"]}""",
        $$"""{"id":"acme/two","tags":[{{Tags}},"license:mi\u0074"]}""",
        $$"""{"id":"acme/two","tags":[{{Tags}}],"gated":"manual"}""",
        $$"""{"id":"acme/two","modelId":"acme/other","tags":[{{Tags}}]}""",
        $$"""{"id":"two","tags":[{{Tags}}]}""",
        $$"""{"tags":[{{Tags}}],"id":"acme/two"}""",
        $$"""{"id":"acme/two","tags":[{{Tags}}],"library_name":null}""",
        $$"""{"id":"acme/two","tags":[{{Tags}},"license:mіt"]}""",
        $$"""{"id":"acme/two","tags":[{{Tags}},{"a":1}]}""",
        $$"""{"id":"acme/two","tags":[{{Tags}}],"likes":3,"downloads":9,"_id":"663dc2f9e2910f13f96ae264","createdAt":"2024-05-10T06:47:21.000Z","private":false}""");

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task A_row_after_a_plain_one_is_judged_as_it_would_be_alone(string row)
    {
        var plain = $$"""{"_id":"663dc2f9e2910f13f96ae264","id":"acme/one","likes":1,"private":false,"downloads":2,"tags":[{{Tags}}],"createdAt":"2024-05-10T06:47:21.000Z","modelId":"acme/one"}""";
        var alone = await JudgeAsync(row);
        var after = await JudgeAsync(plain, plain.Replace("acme/one", "acme/same", StringComparison.Ordinal), row);
        Assert.Equal(alone, after.Skip(2));
        Assert.Equal(after[0].Replace("acme/one", "acme/same", StringComparison.Ordinal), after[1]);
        Assert.Contains("\"class\":\"open-source\"", after[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_of_one_base_share_a_verdict_but_not_the_duty_to_bear_a_name()
    {
        var found = await JudgeAsync(
            """{"id":"acme/root","tags":["transformers","license:llama3.1"]}""",
            """{"id":"acme/kestrel","tags":["transformers","base_model:acme/root"]}""",
            """{"id":"acme/Llama-kestrel","tags":["transformers","base_model:acme/root"]}""",
            """{"id":"acme/osprey","tags":["transformers","base_model:acme/root"]}""");
        Assert.Contains("asks of derived models", found[1], StringComparison.Ordinal);
        Assert.DoesNotContain("asks of derived models", found[2], StringComparison.Ordinal);
        Assert.Equal(found[1].Replace("kestrel", "osprey", StringComparison.Ordinal), found[3]);
    }

    /// <summary>The quick reader may know less JSON than the real one, never more, and never reads another id.</summary>
    [Fact]
    public void What_the_quick_reader_takes_is_JSON_that_says_the_same()
    {
        var row = Encoding.UTF8.GetBytes($$"""{"_id":"663dc2f9e2910f13f96ae264","id":"acme/one","likes":-1.5e+3,"trendingScore":0,"private":false,"downloads":20,"tags":[{{Tags}}],"createdAt":"2024-05-10T06:47:21.000Z","library_name":"transformers"}""");
        var random = new Random(11);
        var bits = "\"\\{}[],:-+.eE019 \n\t\0abcfltrué"u8.ToArray();
        var words = new char[4096];
        var (taken, refused) = (0, 0);
        for (var turn = 0; turn < 30_000; turn++)
        {
            var changed = row.ToList();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(changed.Count);
                var what = bits[random.Next(bits.Length)];
                if (random.Next(3) == 0) changed.RemoveAt(at);
                else if (random.Next(2) == 0) changed.Insert(at, what);
                else changed[at] = what;
            }
            byte[] json = [.. changed];
            if (!ListRow.TryRead(json, words, out var id, out _))
            {
                refused++;
                continue;
            }
            taken++;
            using var whole = JsonDocument.Parse(json);
            Assert.Equal(whole.RootElement.GetProperty("id").GetString(), Encoding.UTF8.GetString(id));
        }
        Assert.True(taken > 1_000 && refused > 1_000, $"{taken} taken, {refused} refused");
    }

    private static async Task<List<string>> JudgeAsync(params string[] rows)
    {
        await using var folder = await TestFolder.CreateAsync("rows");
        var path = Path.Combine(folder.Path, "models.jsonl");
        await File.WriteAllLinesAsync(path, rows, TestContext.Current.CancellationToken);
        using var output = new MemoryStream();
        FileJudge.Run(new([path], [], [], null, Lens.Default, DateTimeOffset.UnixEpoch), output, new UnreadLines(), TestContext.Current.CancellationToken);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
