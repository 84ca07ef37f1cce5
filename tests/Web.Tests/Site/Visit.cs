using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>A browser window on the site that notes everything that goes wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private const string Watch = """
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
        """;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _troubles = new();

    private Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _troubles.Enqueue(error);
        page.Dialog += (_, dialog) => _troubles.Enqueue($"a script ran: {dialog.Message}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal)) _troubles.Enqueue(message.Text);
        };
        page.RequestFailed += (_, request) => _troubles.Enqueue($"{request.Url} failed: {request.Failure}");
    }

    public IPage Page { get; }

    public static async Task<Visit> StartAsync(IBrowser browser, Uri site, Look look = Look.Desktop, bool scripts = true)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = site.ToString(),
            JavaScriptEnabled = scripts,
            ViewportSize = look == Look.Phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            ColorScheme = look == Look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await context.AddInitScriptAsync(Watch);
        var page = await context.NewPageAsync();
        // ATLAS_CPU_THROTTLE=10: scripts take ten times as long, as on a slow or busy machine.
        if (double.TryParse(Environment.GetEnvironmentVariable("ATLAS_CPU_THROTTLE"), CultureInfo.InvariantCulture, out var rate))
            await (await context.NewCDPSessionAsync(page)).SendAsync("Emulation.setCPUThrottlingRate", new Dictionary<string, object> { ["rate"] = rate });
        return new(context, page);
    }

    /// <summary>Goes there and waits until colours are those that stay: what a script has just enabled fades in.</summary>
    public async Task<IResponse?> GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        await Page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)).then(() => null)");
        return response;
    }

    /// <summary>Script errors, blocked content and requests that failed so far.</summary>
    public async Task<IReadOnlyList<string>> TroublesAsync() => [.. _troubles, .. await Page.EvaluateAsync<string[]>("() => window.violations")];

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}

public enum Look
{
    Desktop,
    Dark,
    Phone,
}
