using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground.OpenAi;

namespace ModelAtlas.Web.Playground;

internal static class PlaygroundServices
{
    public static IServiceCollection AddPlayground(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PlaygroundOptions>().BindConfiguration(PlaygroundOptions.Section).ValidateDataAnnotations();
        services.AddSingleton(provider => new HostedModels(new ModelAtlas.Inference.Scheduling.HostOptions(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ServedModels(new ModelShelf(Path.Combine(provider.GetRequiredService<IOptions<AtlasOptions>>().Value.DataFolder, "models"))));
        return services.AddSingleton<TextQueue>().AddSingleton<TextDesk>().AddSingleton<Asker>().AddSingleton<OpenAiEndpoints.Desk>();
    }

    public static WebApplication MapPlayground(this WebApplication app)
    {
        app.MapOpenAi();
        return app;
    }
}
