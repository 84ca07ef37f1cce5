using Microsoft.Extensions.DependencyInjection;

namespace ModelAtlas.Ingest.Code;

internal static class CodeServices
{
    public static IServiceCollection AddCode(this IServiceCollection services) => services.AddSingleton<CodeReader>().AddTransient<ReadCodeJob>();
}
