using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>Every page in light, dark and on a phone. With ATLAS_SCREENSHOTS set to a folder, pictures of all of them go there; with ATLAS_PAGES only the pages named in it are looked at.</summary>
public sealed class PageBrowserTests(SiteFixture fixture, BrowserFixture browsers) : IClassFixture<SiteFixture>
{
    public static TheoryData<string, string, Look> Pages
    {
        get
        {
            (string Name, string Path)[] pages =
            [
                ("home", "/"), ("models", "/models"), ("filtered", "/models?class=open-weights&license=apache-2.0&q=model&sort=likes"), ("last-page", "/models?page=2"),
                ("picked", $"/models?policy=allowed&m={SampleCatalog.Bloom},openai-community/gpt2,mistralai/Mistral-7B-v0.1&page=1"), ("all-columns", "/models?fit=yes&cols=class,license,may,axes,params,ctx,policy,downloads,likes,trending,created,updated"), ("no-columns", "/models?cols=none"),
                ("nothing", "/models?class=closed&license=mit&task=fill-mask"), ("model", $"/models/{SampleCatalog.Bloom}"), ("conflict", $"/models/{SampleCatalog.Quantized}"),
                ("base", "/models/mistralai/Mistral-7B-v0.1"), ("service", $"/models/{SampleCatalog.Service}"), ("gone", $"/models/{SampleCatalog.Gone}"),
                ("hostile", CatalogUrl.Model(SampleCatalog.Hostile)), ("licenses", "/licenses"), ("facets", "/facets?class=open-weights"), ("types", "/types"),
                ("license", "/licenses/gemma"), ("license-not-read", "/licenses/solar"), ("license-unknown", "/licenses/apache-9"), ("licenses-filtered", "/licenses?class=non-commercial&family=research-only"),
                ("compare-licenses", "/compare/licenses?l=apache-2.0,gemma,llama3"), ("compare-differences", "/compare/licenses?l=apache-2.0,mit,nonsense&diff=1"), ("compare-five", "/compare/licenses?l=apache-2.0,gemma,llama3,mit,cc-by-nc-4.0"),
                ("compare-one", "/compare/licenses?l=gemma"), ("compare-none", "/compare/licenses"), ("check", "/licenses/check"), ("check-answer", $"/licenses/check?m={SampleCatalog.Quantized},no/such&l=mit"),
                ("evidence", $"/models/{SampleCatalog.Quantized}/evidence"), ("evidence-strict", $"/models/{SampleCatalog.Bloom}/evidence?lens=strict"), ("claims", $"/models/{SampleCatalog.Quantized}/license"),
                ("lineage", $"/models/{SampleCatalog.Quantized}/lineage"), ("lineage-down", "/models/mistralai/Mistral-7B-v0.1/lineage"), ("history", $"/models/{SampleCatalog.Quantized}/history"),
                ("hostile-evidence", CatalogUrl.Model(SampleCatalog.Hostile) + "/evidence"), ("hostile-claims", CatalogUrl.Model(SampleCatalog.Hostile) + "/license"),
                ("compare-models", $"/compare/models?m={SampleCatalog.Quantized},{SampleCatalog.Bloom},{SampleCatalog.Service},no/such"), ("compare-models-start", "/compare/models"),
                ("changes", "/changes"), ("changes-conflicts", "/changes?kind=conflict"), ("changes-new", "/changes?kind=new"), ("changes-model", $"/changes?model={SampleCatalog.Quantized}"), ("embed", $"/embed/{SampleCatalog.Quantized}"), ("embed-unknown", "/embed/no/such"), ("status", "/status"), ("family", "/families/meta-llama/Meta-Llama-3-8B"), ("refresh", $"/models/{SampleCatalog.Bloom}/refresh"), ("org", "/orgs/filler-lab"), ("method", "/method"), ("stats", "/stats"), ("api", "/api"), ("dispute", $"/models/{SampleCatalog.Bloom}/dispute"), ("bom", $"/models/{SampleCatalog.Quantized}/bom"), ("hostile-bom", CatalogUrl.Model(SampleCatalog.Hostile) + "/bom"),
                ("bad-key", "/models?clas=open"), ("unknown-model", "/models/bigscience/blom"), ("not-found", "/no/such/page"), ("beyond", "/models?page=999"),
            ];
            TheoryData<string, string, Look> data = [];
            var only = Environment.GetEnvironmentVariable("ATLAS_PAGES")?.Split(',');
            foreach (var (name, path) in pages.Where(page => only is null || only.Contains(page.Name)))
                foreach (var look in Enum.GetValues<Look>())
                    data.Add(name, path, look);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task WEB_01_A_page_is_accessible_fits_its_window_and_breaks_no_rule_of_the_content_policy(string name, string path, Look look)
    {
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), fixture.Site.Address, look);
        await visit.GoAsync(path);
        await SaveAsync(visit, $"{name}-{look.ToString().ToLowerInvariant()}");

        Assert.Equal(1, await visit.Page.Locator("h1").CountAsync());
        Assert.Equal(1, await visit.Page.Locator("main").CountAsync());
        Assert.False(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), "the page scrolls sideways");
        // In the dark the page is the one of the light look in other colours, so that only what is said of colours has to be asked again.
        var found = look == Look.Dark ? await visit.Page.RunAxe(new AxeRunOptions { RunOnly = new() { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } }) : await visit.Page.RunAxe();
        Assert.Empty(found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => string.Create(CultureInfo.InvariantCulture, $"{violation.Id}: {violation.Help} at {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
        Assert.Empty(await visit.TroublesAsync());
    }

    private static async Task SaveAsync(Visit visit, string name)
    {
        if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
