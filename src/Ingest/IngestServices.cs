using Microsoft.Extensions.DependencyInjection;

namespace ModelAtlas.Ingest;

public static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services) => services;
}
