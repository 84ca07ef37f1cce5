using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Site;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Tests.Site;

namespace ModelAtlas.Web.Tests.Accounts;

/// <summary>A person's way from the console's token to the admin pages and out again. With ATLAS_SCREENSHOTS set to a folder, pictures go there.</summary>
public sealed class AdminBrowserTests(PostgresFixture postgres, BrowserFixture browsers)
{
    private const string Password = "four unrelated words here";

    [Theory]
    [InlineData(Look.Desktop, true)]
    [InlineData(Look.Dark, true)]
    [InlineData(Look.Phone, true)]
    [InlineData(Look.Desktop, false)]
    public async Task Set_up_sign_in_administer_and_sign_out(Look look, bool scripts)
    {
        var database = await postgres.CreateDatabaseAsync();
        await CatalogSeed.WriteAsync(database, SampleCatalog.Models, SampleCatalog.Datasets);
        await AdminSeed.WriteAsync(database);
        await Web.Jobs.HangfireStorage.InstallAsync(database, TestContext.Current.CancellationToken);
        await using var site = await RunningSite.StartAsync(database);
        var token = await site.Services.GetRequiredService<SetupToken>().EnsureAsync(TestContext.Current.CancellationToken) ?? "";
        await using var visit = await Visit.StartAsync(await browsers.OpenAsync(), site.Address, look, scripts);
        var page = visit.Page;

        await visit.GoAsync("/sign-in");
        await CheckAsync("sign-in-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set it up" }).ClickAsync();
        await page.GetByLabel("Set-up token").FillAsync(token);
        await page.GetByLabel("Name").FillAsync("root");
        await page.GetByLabel("New password").FillAsync(Password);
        await page.GetByLabel("The same again").FillAsync("something else here");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the admin" }).ClickAsync();
        Assert.Equal("The two passwords are not the same: type both again.", await page.GetByRole(AriaRole.Alert).InnerTextAsync());
        await CheckAsync("setup-refused");
        await page.GetByLabel("Set-up token").FillAsync(token);
        await page.GetByLabel("New password").FillAsync(Password);
        await page.GetByLabel("The same again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the admin" }).ClickAsync();

        await page.WaitForURLAsync("**/sign-in?welcome=true**");
        await page.GetByLabel("Name").FillAsync("root");
        await page.GetByLabel("Password").FillAsync(Password);
        await CheckAsync("sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.WaitForURLAsync("**/admin");
        await CheckAsync("admin");
        await page.GetByRole(AriaRole.Link, new() { Name = "Quarantine", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/admin/quarantine");
        await CheckAsync("admin-quarantine");
        foreach (var (name, path) in new[] { ("Ingest", "ingest"), ("Policy", "policies"), ("Webhooks", "webhooks"), ("Rules", "rules") })
        {
            await page.GetByRole(AriaRole.Navigation, new() { Name = "Admin pages" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await page.WaitForURLAsync($"**/admin/{path}");
            await CheckAsync($"admin-{path}");
        }
        await visit.GoAsync("/admin/webhooks");
        await page.GetByLabel("Address").FillAsync("https://example.org/hook");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the webhook" }).ClickAsync();
        Assert.Contains("cannot be shown again", await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);
        await CheckAsync("admin-webhooks-added");
        await visit.GoAsync("/admin/rules");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/admin/rules?lens=default&of=100");
        await CheckAsync("admin-rules-tried");
        await page.GetByRole(AriaRole.Link, new() { Name = "Review", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/admin/review");
        await CheckAsync("admin-review");
        await page.GetByRole(AriaRole.Link, new() { Name = $"override {SampleCatalog.Quantized}" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/overrides**");
        Assert.Equal(SampleCatalog.Quantized, await page.GetByLabel("Model", new() { Exact = true }).InputValueAsync());
        await page.GetByLabel("Class").SelectOptionAsync("closed");
        await page.GetByLabel("Licence").FillAsync("llama3");
        await page.GetByLabel("Reason, shown to everybody").FillAsync("Its maker has taken the weights back and told us so.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the override" }).ClickAsync();
        Assert.Contains("Set. Lists and counts follow", await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);
        await CheckAsync("admin-overrides");
        await visit.GoAsync($"/models/{SampleCatalog.Quantized}");
        await CheckAsync("overridden");
        await visit.GoAsync("/admin");
        await page.GetByRole(AriaRole.Link, new() { Name = "Accounts" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/accounts");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("pia");
        await page.GetByLabel("New password").FillAsync(Password);
        await page.GetByLabel("The same again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
        var disable = page.Locator("details", new() { HasText = "Disable pia" });
        await disable.Locator("summary").ClickAsync();
        await disable.Locator("[name=Typed]").FillAsync("pi");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable pia" }).ClickAsync();
        Assert.False(await disable.Locator("[name=Typed]").EvaluateAsync<bool>("field => field.checkValidity()")); // the browser itself sends nothing
        await disable.Locator("[name=Typed]").FillAsync("pia");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable pia" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enable pia" }).WaitForAsync();
        await CheckAsync("admin-accounts");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Account", Exact = true }).GetByRole(AriaRole.Link, new() { Name = "root" }).ClickAsync();
        await page.WaitForURLAsync("**/account");
        await CheckAsync("account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(site.Address.ToString());
        await visit.GoAsync("/admin");
        Assert.Contains("/sign-in?returnUrl=%2Fadmin", page.Url, StringComparison.Ordinal);

        async Task CheckAsync(string name)
        {
            if (Environment.GetEnvironmentVariable("ATLAS_SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{look}.png".ToLowerInvariant()), FullPage = true });
            if (!scripts) return;
            Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"), $"{name} scrolls sideways");
            var found = await page.RunAxe();
            Assert.Empty(found.Violations.Select(violation => $"{name}: {violation.Id}: {violation.Help} at {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
            Assert.Empty(await visit.TroublesAsync());
        }
    }
}
