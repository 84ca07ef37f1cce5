using System.Diagnostics;
using System.Globalization;
using System.Text;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.ModelPages;

/// <summary>A model at and beyond every limit, and one whose dates make no sense: what their pages make of it.</summary>
public sealed class HugeModelTests(PostgresFixture postgres)
{
    private const string Huge = "odd/huge";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DAT_16_DAT_08_A_model_of_200001_tags_and_100001_files_has_a_quick_page_of_less_than_300_kB_and_is_found()
    {
        var tags = string.Join(',', Enumerable.Range(0, 200_000).Select(number => $"\"word{number}{new string('y', 180)}\"").Append("\"license:mit\""));
        var files = string.Join(',', Enumerable.Range(0, 100_001).Select(number => $$"""{"rfilename":"{{new string('d', 200)}}/{{number}}.bin","size":1}"""));
        await using var site = await SeeAsync($$"""{"id":"{{Huge}}","tags":[{{tags}}],"siblings":[{{files}}],"library_name":"transformers"}""");
        await site.Client.GetStringAsync($"/models/{Huge}/evidence", Token); // compiles it

        var watch = Stopwatch.StartNew();
        var page = await site.Client.GetByteArrayAsync($"/models/{Huge}", Token);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"The page took {watch.ElapsedMilliseconds} ms.");
        Assert.True(page.Length < 300_000, $"The page has {page.Length} bytes.");
        Assert.Contains("100,001", Plain.Text(Plain.Of(Encoding.UTF8.GetString(page))), StringComparison.Ordinal);
        foreach (var (path, most) in new[] { ("/models?q=huge", 400_000), ("/models?tag=word7" + new string('y', 180), 400_000), ($"/models/{Huge}/evidence", 400_000), ($"/api/v1/models/{Huge}", 4_000_000) }) // the API tells every path that is kept
        {
            watch.Restart();
            var answer = await site.Client.GetByteArrayAsync(path, Token);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2) && answer.Length < most, $"{path}: {watch.ElapsedMilliseconds} ms, {answer.Length} bytes");
            Assert.Contains(Huge, Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ING_18_A_model_changed_before_it_was_made_is_nowhere_said_to_be_of_a_negative_age()
    {
        var tonight = TimeProvider.System.GetUtcNow().AddHours(12).ToString("O", CultureInfo.InvariantCulture);
        await using var site = await SeeAsync(
            """{"id":"odd/backwards","createdAt":"2024-05-01T00:00:00.000Z","lastModified":"2023-01-01T00:00:00.000Z","tags":["license:mit"]}""",
            $$"""{"id":"odd/tonight","createdAt":"{{tonight}}","lastModified":"{{tonight}}","tags":["license:mit"]}""");
        var page = await site.Client.GetStringAsync("/models/odd/backwards", Token);
        Assert.Contains("\"datePublished\":\"2024-05-01\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("dateModified", page, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/models?sort=updated", "/models?sort=created", "/models/odd/tonight", "/models/odd/backwards/history", "/changes?kind=new", "/stats"])
            Assert.DoesNotMatch(@"-\d+ (second|minute|hour|day|month|year)", Plain.Text(Plain.Of(await site.Client.GetStringAsync(path, Token))));
    }

    private async Task<RunningSite> SeeAsync(params string[] rows)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        using var catalog = new CatalogWriter(source, TimeProvider.System);
        List<HubModel> models = [];
        foreach (var row in rows)
        {
            Assert.True(HubModelReader.TryRead(Encoding.UTF8.GetBytes(row), trusted: false, out var model, [], out var reason), reason);
            models.Add(model);
        }
        await catalog.WriteAsync(new("hub/models", TimeProvider.System.GetUtcNow(), models, [], [], null), Token);
        return await RunningSite.StartAsync(database);
    }
}
