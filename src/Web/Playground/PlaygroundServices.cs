using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground.Offers;
using ModelAtlas.Web.Playground.OpenAi;
using ModelAtlas.Web.Playground.Remote;
using ModelAtlas.Web.Playground.Runs;
using ModelAtlas.Web.Playground.Shelf;

namespace ModelAtlas.Web.Playground;

internal static class PlaygroundServices
{
    /// <summary>Models are made ready and measured where jobs run; where pages are shown, what is known of them is.</summary>
    public static IServiceCollection AddConversions(this IServiceCollection services) =>
        services.AddSingleton<MachineDevice>().AddSingleton<Conversions>().AddTransient<MeasureLossJob>().AddSingleton<ModelPreparation>(provider => provider.GetRequiredService<Conversions>().PrepareAsync);

    /// <summary>The models of this machine and of other hosts, for whoever may ask them: all that the role <c>inference</c> needs.</summary>
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<PlaygroundOptions>().BindConfiguration(PlaygroundOptions.Section).ValidateDataAnnotations();
        services.AddSingleton(provider => new HostedModels(new ModelAtlas.Inference.Scheduling.HostOptions { TotalBytes = provider.GetRequiredService<IOptions<InferenceOptions>>().Value.MemoryBytes }, provider.GetRequiredService<TimeProvider>()));
        services.AddHttpClient(RemoteModels.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
            .RemoveAllLoggers(); // no prompt and no key in a log
        services.AddSingleton<RemoteModels>().AddSingleton<RemoteTexts>().AddSingleton<ServedModels>();
        return services.AddSingleton<TextQueue>().AddSingleton<LocalTexts>().AddSingleton<TextDesk>().AddSingleton<Asker>().AddSingleton<Terms>().AddSingleton<OpenAiEndpoints.Desk>();
    }

    /// <summary>The pages on top of <see cref="AddServing"/>.</summary>
    public static IServiceCollection AddPlayground(this IServiceCollection services) =>
        services.AddSingleton<PlaygroundReader>().AddSingleton<OfferReader>().AddSingleton<PublishedRuns>().AddSingleton<RunBook>().AddHostedService(provider => provider.GetRequiredService<RunBook>());

    public static WebApplication MapPlayground(this WebApplication app)
    {
        app.MapOpenAi();
        app.MapRuns();
        app.MapShelf();
        return app;
    }
}
