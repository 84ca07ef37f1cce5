using System.IO.Compression;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ModelAtlas.Web.Api;
using ModelAtlas.Web.Badges;
using ModelAtlas.Web.Bom;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Catalog.Local;
using ModelAtlas.Web.Changes;
using ModelAtlas.Web.Exports;
using ModelAtlas.Web.Families;
using ModelAtlas.Web.Home;
using ModelAtlas.Web.Licenses;
using ModelAtlas.Web.Mcp;
using ModelAtlas.Web.ModelPages;
using ModelAtlas.Web.ModelPages.Comparing;
using ModelAtlas.Web.ModelPages.Parts;
using ModelAtlas.Web.Orgs;
using ModelAtlas.Web.Stats;
using ModelAtlas.Web.Status;
using ModelAtlas.Web.Types;
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
        services.AddApiDocument();
        services.AddAssistants();
        services.AddResponseCompression(options => options.EnableForHttps = true);
        // The fastest level, which is the default, sends a list of models half as large again.
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
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
        services.AddOptionsWithValidateOnStart<PolicyOptions>().BindConfiguration(PolicyOptions.Section);
        return services
            .AddSingleton<IValidateOptions<PolicyOptions>, PolicyOptionsValidator>()
            .AddSingleton<SiteFiles>()
            .AddSingleton<CatalogStore>()
            .AddSingleton<CatalogPulse>()
            .AddSingleton<CatalogIndex>()
            .AddSingleton<SnapshotLoader>()
            .AddHostedService<LocalFactsKeeper>()
            .AddHostedService<IndexKeeper>()
            .AddSingleton<CatalogCounter>()
            .AddSingleton<CatalogRowReader>()
            .AddSingleton<CatalogReader>()
            .AddSingleton<ModelReader>()
            .AddSingleton<LineageReader>()
            .AddSingleton<EvidenceReader>().AddSingleton<RefreshDesk>()
            .AddSingleton<LicenseTextReader>()
            .AddSingleton<ModelCompareReader>()
            .AddSingleton<ChangeReader>()
            .AddSingleton<OrgReader>()
            .AddSingleton<FamilyReader>()
            .AddSingleton<StatReader>().AddSingleton<DayReader>()
            .AddSingleton<ModelExport>()
            .AddSingleton<BadgeReader>()
            .AddSingleton<HomeReader>()
            .AddSingleton<KindReader>()
            .AddSingleton<ExampleReader>()
            .AddSingleton<LicenseReader>()
            .AddSingleton<StatusReader>()
            .AddSingleton<PlaygroundStatus>();
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
        app.MapModelComparison();
        app.MapChanges();
        app.MapExports();
        app.MapBadges();
        app.MapBoms();
        app.MapAssistants();
        app.MapCrawlers();
        app.MapOpenApi("/openapi/{documentName}.json").CacheOutput(PageCache.Policy);
        return app;
    }
}
