using Microsoft.Playwright;

namespace ModelAtlas.Web.Tests.Site;

/// <summary>The chromium of the distribution, one process for the whole run. Playwright's own browser download is not used.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly SemaphoreSlim _turn = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task<IBrowser> OpenAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_browser is not null) return _browser;
            var program = Environment.GetEnvironmentVariable("ATLAS_CHROMIUM") ?? Programs.FirstOrDefault(File.Exists)
                ?? throw new InvalidOperationException("Browser tests need chromium: install it (Debian: apt-get install chromium), or name its program in ATLAS_CHROMIUM.");
            _playwright = await Playwright.CreateAsync();
            return _browser = await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = program,
                Headless = true,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            });
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        _turn.Dispose();
    }
}
