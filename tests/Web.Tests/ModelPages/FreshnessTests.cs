using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Tests.Licenses;
using Npgsql;

namespace ModelAtlas.Web.Tests.ModelPages;

/// <summary>Each fact on the page of a model says when it was last seen, and where.</summary>
public sealed partial class FreshnessTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fact_is_as_old_as_the_last_source_that_gave_it_and_a_crawl_that_finds_it_again_makes_it_new()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        using var catalog = new CatalogWriter(source, TimeProvider.System);
        await SeeAsync(catalog, "file:detail.jsonl", "2026-01-01",
            """{"id":"acme/one","downloads":5,"likes":1,"gated":"auto","tags":["license:mit"],"cardData":{"license":"mit","base_model":"acme/base","datasets":["acme/set"]},"siblings":[{"rfilename":"model.safetensors"}],"safetensors":{"total":7000000}}""");
        await SeeAsync(catalog, "hub/models", "2026-02-01", """{"id":"acme/one","downloads":6,"likes":2,"gated":false,"tags":["license:mit","base_model:acme/base"]}""");
        await using var site = await RunningSite.StartAsync(database);

        var page = await PageAsync(site, "2026-02-01");
        Says("as observed 1 Feb 2026, the Hub", page);
        await SeeAsync(catalog, "hub/models", "2026-03-01", """{"id":"acme/one","downloads":7,"likes":2,"gated":false,"tags":["license:mit","base_model:acme/base"]}""");
        page = await PageAsync(site, "2026-03-01");
        foreach (var words in new[]
        {
            "as observed 1 Mar 2026, the Hub", "Parameters7Mseen 1 Jan 2026", "Downloads, 30 days7seen 1 Mar 2026, the Hub", "Likes2seen 1 Mar 2026, the Hub",
            "cardData.license[\"mit\"]seen 1 Jan 2026", "cardData.datasets[\"acme/set\"]seen 1 Jan 2026", "still so when seen again 1 Mar 2026", "1 fileseen 1 Jan 2026",
        })
            Says(words, page);
        Assert.DoesNotContain("1 Jan 2026, the file", page, StringComparison.Ordinal); // of an earlier source only the day is kept
    }

    [Fact]
    public async Task A_count_that_no_source_gave_is_not_known_rather_than_nothing()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        using var catalog = new CatalogWriter(source, TimeProvider.System);
        await SeeAsync(catalog, "file:names.jsonl", "2026-01-01", """{"id":"acme/one","likes":3}""");
        await using var site = await RunningSite.StartAsync(database);
        var page = await PageAsync(site, "");
        Says("Downloads, 30 daysnot known Likes", page);
        Says("Parametersnot knownDownloads, 30 daysnot known Likes", page);
        Says("Likes3seen 1 Jan 2026, the file names.jsonl", page);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/evidence")]
    [InlineData("/license")]
    public async Task Every_piece_of_evidence_has_its_source_and_a_date_that_machines_can_read(string part)
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models, SampleCatalog.Datasets);
        await using var site = await RunningSite.StartAsync(database);
        var pieces = 0;
        foreach (var id in new[] { SampleCatalog.Bloom, SampleCatalog.Quantized, SampleCatalog.Service })
        {
            var html = Plain.Of(await site.Client.GetStringAsync(CatalogUrl.Model(id) + part, Token));
            foreach (Match piece in (part.Length == 0 ? Item() : Row()).Matches(html))
            {
                pieces++;
                Assert.Matches("""<time datetime="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z" """, piece.Value);
                Assert.Matches("list|card|file|base model|dataset|https?:", piece.Value);
            }
        }
        Assert.True(pieces > 2, $"only {pieces} pieces of evidence");
    }

    private static void Says(string words, string page) => Assert.True(page.Contains(words, StringComparison.Ordinal), $"“{words}” is not in: {page}");

    private static async Task SeeAsync(CatalogWriter catalog, string source, string day, string row)
    {
        Assert.True(HubModelReader.TryRead(Encoding.UTF8.GetBytes(row), trusted: false, out var model, [], out var reason), reason);
        await catalog.WriteAsync(new(source, DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), [model], [], [], null), Token);
    }

    /// <param name="turn">So that no answer kept from before is given.</param>
    private static async Task<string> PageAsync(RunningSite site, string turn) =>
        Plain.Text(await site.Client.GetStringAsync($"{CatalogUrl.Model("acme/one")}?turn={turn}", Token));

    /// <summary>An item below a reason.</summary>
    [GeneratedRegex("""<li>\s*<span class="evidence-what">.*?</li>""", RegexOptions.Singleline, 5_000)]
    private static partial Regex Item();

    /// <summary>A row of a table of evidence or claims.</summary>
    [GeneratedRegex("""<tr(?: class="is-governing")?>\s*<th scope="row">.*?</tr>""", RegexOptions.Singleline, 5_000)]
    private static partial Regex Row();
}
