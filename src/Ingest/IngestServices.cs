using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.Files;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Links;
using ModelAtlas.Ingest.ModelsDev;

namespace ModelAtlas.Ingest;

public static class IngestServices
{
    public static IServiceCollection AddIngest(this IServiceCollection services) => services.AddHub().AddCrawl().AddImports().AddModelsDev().AddLinks().AddCode();
}
