using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground.OpenAi;
using ModelAtlas.Web.Playground.Remote;
using ModelAtlas.Web.Playground.Runs;
using ModelAtlas.Web.Playground.Shelf;

namespace ModelAtlas.Web.Playground;

internal static class PlaygroundServices
{
    public static IServiceCollection AddPlayground(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PlaygroundOptions>().BindConfiguration(PlaygroundOptions.Section).ValidateDataAnnotations();
        services.AddSingleton(provider => new HostedModels(new ModelAtlas.Inference.Scheduling.HostOptions(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PublishedRuns>().AddSingleton<RunBook>().AddHostedService(provider => provider.GetRequiredService<RunBook>());
        services.AddHttpClient(RemoteModels.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
            .RemoveAllLoggers(); // no prompt and no key in a log
        services.AddSingleton<RemoteModels>().AddSingleton<RemoteTexts>().AddSingleton<ServedModels>();
        return services.AddSingleton<TextQueue>().AddSingleton<TextDesk>().AddSingleton<Asker>().AddSingleton<Terms>().AddSingleton<PlaygroundReader>().AddSingleton<OpenAiEndpoints.Desk>();
    }

    public static WebApplication MapPlayground(this WebApplication app)
    {
        app.MapOpenAi();
        app.MapRuns();
        app.MapShelf();
        return app;
    }
}
