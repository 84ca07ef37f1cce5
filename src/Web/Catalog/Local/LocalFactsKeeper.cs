using Microsoft.Extensions.Options;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Catalog.Local;

/// <summary>Tells the index every few seconds which models can be asked here: the shelf fills and empties while the site runs.</summary>
internal sealed partial class LocalFactsKeeper(
    CatalogIndex index, ServedModels served, IOptions<InferenceOptions> inference, IOptions<PolicyOptions> policy, TimeProvider clock, ILogger<LocalFactsKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly LocalFacts _facts = LocalFacts.Of(inference.Value, policy.Value);

    /// <summary>What the settings say is there before the first page is.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        index.Put(_facts);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var models = await served.ListAsync(stoppingToken);
                index.Put(_facts with { Hosted = _facts.Hosted.Union(models.Select(model => model.Remote?.Name ?? model.Id)) });
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or HttpRequestException)
            {
                LogUnread(failure.Message); // what was known before stays
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Which models can be asked here could not be read ({Reason})")]
    private partial void LogUnread(string reason);
}
