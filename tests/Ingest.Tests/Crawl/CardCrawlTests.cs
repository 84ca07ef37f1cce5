using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.Crawl;

public sealed class CardCrawlTests(PostgresFixture postgres)
{
    private static readonly CrawlPace Pace = new(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

    [Fact]
    public async Task Cards_are_read_by_use_and_doubt_once_and_what_they_say_reaches_the_verdict()
    {
        await using var bench = await StartAsync();
        var slice = await ReadAsync(bench);
        Assert.Equal((CrawlEnd.Done, 4L), (slice.End, slice.Read));
        Assert.Equal(["acme/loved", "acme/doubted", "acme/plain", "acme/bare"], Asked(bench, "README.md"));
        Assert.Equal(["acme/plain"], Asked(bench, "LICENSE"));

        Assert.Equal(["cc-by-nc-4.0"], await LicenseAsync(bench, "acme/loved"));
        Assert.Equal(["read"], await bench.QueryAsync<string>("SELECT 'read' FROM model_card JOIN model ON model.id = model_id WHERE repo_id = 'acme/plain' AND license_path = 'LICENSE' AND license_text LIKE 'MIT License%'"));
        Assert.Equal([true], await bench.QueryAsync<bool>("SELECT document::text ILIKE '%\"source\": \"file\"%' FROM verdict JOIN model ON model.id = model_id WHERE repo_id = 'acme/plain' ORDER BY verdict.id DESC LIMIT 1"));

        bench.Hub.Models.Card("acme/loved", "# Loved\n");
        Assert.Equal(0, (await ReadAsync(bench)).Read); // nothing says that it has changed
        Assert.Equal(4, Asked(bench, "README.md").Length);
    }

    [Fact]
    public async Task A_card_that_was_read_leaves_its_row_to_the_next_crawl_as_it_was()
    {
        await using var bench = await StartAsync();
        await ReadAsync(bench);
        const string Versions = "SELECT string_agg(xmin::text, ',' ORDER BY id) FROM model";
        var before = await bench.QueryAsync<string>(Versions);
        var crawl = await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal(4, crawl.Written.Unchanged);
        Assert.Equal(before, await bench.QueryAsync<string>(Versions));
    }

    [Fact]
    public async Task A_card_is_asked_for_again_when_its_model_has_changed()
    {
        await using var bench = await StartAsync();
        await ReadAsync(bench);
        bench.Clock.Ahead = TimeSpan.FromDays(3);
        bench.Hub.Models.Card("acme/plain", "---\nlicense: cc-by-nc-4.0\n---\n# Plain\n");
        bench.Hub.Models.Change("acme/plain", model => model["lastModified"] = FakeRepo.Iso(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(12)));
        await bench.CrawlAsync(CrawlBench.Full);
        Assert.Equal(1, (await ReadAsync(bench)).Read);
        Assert.Equal("acme/plain", Asked(bench, "README.md")[^1]);
    }

    [Fact]
    public async Task A_used_up_budget_for_files_leaves_the_rest_for_when_it_is_back()
    {
        await using var bench = await StartAsync();
        bench.Hub.Fail(FakeFaults.Status(429, ("RateLimit", "\"resolvers\";r=0;t=200")), when: request => request.Path.Value?.Contains("doubted", StringComparison.Ordinal) == true);
        var slice = await ReadAsync(bench);
        Assert.Equal((CrawlEnd.Later, 1L), (slice.End, slice.Read));
        Assert.InRange((slice.RetryAt - TimeProvider.System.GetUtcNow())?.TotalSeconds ?? 0, 150, 250);
        bench.Hub.Heal();
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_marks_no_card_as_read_and_one_that_refuses_does()
    {
        await using var bench = await StartAsync();
        bench.Hub.Fail(FakeFaults.Status(503), int.MaxValue);
        Assert.Equal((CrawlEnd.Partial, 0L), await ReadAsync(bench) is var slice ? (slice.End, slice.Read) : default);
        Assert.Empty(await bench.QueryAsync<int>("SELECT model_id FROM model_card_visit"));
        bench.Hub.Heal();
        bench.Hub.Models.Fate("acme/loved", FakeAnswer.Gated("acme/loved", signedIn: false));
        Assert.Equal((CrawlEnd.Done, 4L), await ReadAsync(bench) is var after ? (after.End, after.Read) : default);
    }

    private static Task<CrawlSlice> ReadAsync(CrawlBench bench) => bench.Services.GetRequiredService<CardCrawl>().RunAsync(Pace, TestContext.Current.CancellationToken);

    private static string[] Asked(CrawlBench bench, string file) =>
        [.. bench.Hub.Log.Where(request => request.Path.EndsWith($"/raw/main/{file}", StringComparison.Ordinal)).Select(request => request.Path[1..^$"/raw/main/{file}".Length])];

    private static Task<List<string>> LicenseAsync(CrawlBench bench, string id) => bench.QueryAsync<string>($"SELECT key FROM license JOIN model ON license_id = license.id WHERE repo_id = '{id}'");

    private async Task<CrawlBench> StartAsync()
    {
        var bench = await CrawlBench.StartAsync(postgres);
        Add(bench, "acme/bare", 1, null);
        Add(bench, "acme/plain", 30, "mit", "LICENSE");
        Add(bench, "acme/doubted", 10, "mit", "README.md");
        Add(bench, "acme/loved", 9_000, null);
        bench.Hub.Models.Card("acme/loved", "---\nlicense: cc-by-nc-4.0\n---\n# Loved\n");
        bench.Hub.Models.Card("acme/plain", "# Plain\n");
        bench.Hub.Models.Card("acme/doubted", "# Doubted\n");
        bench.Hub.Models.File("acme/plain", "LICENSE", System.Text.Encoding.UTF8.GetBytes(Mit), large: false);
        await bench.CrawlAsync(CrawlBench.Full);
        await bench.QueryAsync<int>("UPDATE model SET conflict = repo_id = 'acme/doubted' RETURNING id");
        return bench;
    }

    private static void Add(CrawlBench bench, string id, long downloads, string? license, params string[] files) => bench.Hub.Models.Add(new JsonObject
    {
        ["_id"] = $"62{downloads:x22}",
        ["id"] = id,
        ["downloads"] = downloads,
        ["createdAt"] = "2023-01-01T00:00:00.000Z",
        ["lastModified"] = "2023-01-02T00:00:00.000Z",
        ["tags"] = license is null ? new JsonArray("safetensors") : new JsonArray("safetensors", $"license:{license}"),
        ["siblings"] = new JsonArray([.. files.Append("model.safetensors").Select(file => new JsonObject { ["rfilename"] = file })]),
    });

    private const string Mit =
        """
        MIT License

        Copyright (c) 2023 Acme

        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal
        in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
        copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
        FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
        LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
        SOFTWARE.
        """;
}
