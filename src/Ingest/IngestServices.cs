using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest;

public static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services) => services.AddHub().AddSync().AddImports();
}
