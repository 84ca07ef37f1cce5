using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.Bundled;

namespace ModelAtlas.Ingest.Files;

internal static class ImportServices
{
    public static IServiceCollection AddImports(this IServiceCollection services) => services
        .AddSingleton<ImportLedger>()
        .AddSingleton<FileImport>()
        .AddTransient<LoadBundledCatalogueJob>();
}
