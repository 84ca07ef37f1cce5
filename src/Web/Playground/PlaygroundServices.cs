using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground.OpenAi;
using ModelAtlas.Web.Playground.Runs;

namespace ModelAtlas.Web.Playground;

internal static class PlaygroundServices
{
    public static IServiceCollection AddPlayground(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PlaygroundOptions>().BindConfiguration(PlaygroundOptions.Section).ValidateDataAnnotations();
        services.AddSingleton(provider => new HostedModels(new ModelAtlas.Inference.Scheduling.HostOptions(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ServedModels(new ModelShelf(Path.Combine(provider.GetRequiredService<IOptions<AtlasOptions>>().Value.DataFolder, "models"))));
        services.AddSingleton<RunBook>().AddHostedService(provider => provider.GetRequiredService<RunBook>());
        return services.AddSingleton<TextQueue>().AddSingleton<TextDesk>().AddSingleton<Asker>().AddSingleton<PlaygroundReader>().AddSingleton<OpenAiEndpoints.Desk>();
    }

    public static WebApplication MapPlayground(this WebApplication app)
    {
        app.MapOpenAi();
        app.MapRuns();
        return app;
    }
}
