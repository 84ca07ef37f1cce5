using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Home;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.ModelPages.Parts;
using MudBlazor.Services;

namespace ModelAtlas.Web.Shell;

internal static class SiteServices
{
    public static IServiceCollection AddSite(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddMudServices();
        services.AddMemoryCache();
        services.AddProblemDetails();
        services.AddOpenApi("v1");
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.AddOutputCache(options =>
        {
            options.UseCaseSensitivePaths = true; // names that differ by case are models of their own, and another spelling is answered with the right one
            options.AddPolicy(PageCache.Policy, policy => policy.AddPolicy<PageCache>(), excludeDefaultPolicy: true);
        });
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestLineSize = 64 * 1024; // too many filters are refused by the page, which says so
        });
        return services
            .AddSingleton<SiteFiles>()
            .AddSingleton<CatalogStore>()
            .AddSingleton<CatalogPulse>()
            .AddSingleton<CatalogIndex>()
            .AddSingleton<SnapshotLoader>()
            .AddHostedService<IndexKeeper>()
            .AddSingleton<CatalogCounter>()
            .AddSingleton<CatalogRowReader>()
            .AddSingleton<CatalogReader>()
            .AddSingleton<ModelReader>()
            .AddSingleton<LineageReader>()
            .AddSingleton<EvidenceReader>()
            .AddSingleton<HomeReader>()
            .AddSingleton<LicenseReader>();
    }

    /// <summary>What every response passes through; first in line.</summary>
    public static WebApplication UseSite(this WebApplication app) => app.UseSecurityHeaders().UseErrorPages();

    public static WebApplication MapSite(this WebApplication app)
    {
        app.UseAntiforgery();
        app.UseSharedPages();
        app.UseOutputCache();
        app.UseResponseCompression();
        SiteFiles.MapFiles(app);
        app.MapRazorComponents<App>();
        app.MapTheme();
        app.MapCatalog();
        app.MapLicenses();
        app.MapCrawlers();
        app.MapOpenApi("/openapi/{documentName}.json").CacheOutput(PageCache.Policy);
        return app;
    }
}
