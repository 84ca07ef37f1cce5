using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Playground.Shelf;

/// <summary>Models of the shelf whose weights are rounded before they run here: made ready, and what that costs them.</summary>
internal sealed partial class Conversions(ModelShelf shelf, MachineDevice device, IOptions<InferenceOptions> inference, ILogger<Conversions> logger)
{
    /// <summary>What is known of the loss; null where nothing is converted, or nobody measured it.</summary>
    public ConversionLoss? Known(string folder) => device.IsCpu ? ConversionLoss.Known(folder, Options() with { Device = DeviceWish.Cpu }) : null;

    /// <summary>Whether it can be measured when somebody asks for it.</summary>
    public bool CanMeasure(string folder) => device.IsCpu && ConversionLoss.CanMeasure(folder, Options() with { Device = DeviceWish.Cpu }, ConversionLoss.MostBytes);

    /// <summary>The last steps of a fetch: the graph is built, and what that costs is measured where it is a matter of seconds. A model that cannot run here says so when it is asked.</summary>
    public async Task PrepareAsync(ShelvedModel model, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        if (!ModelPackage.IsBuilt(model.Folder)) return;
        var last = new PullProgress(0, 1, "");
        var building = new Steps(value => progress.Report(last = new(value.Done, value.Total, $"building the graph: {value.Step}")));
        try
        {
            await Task.Run(() => LoadedModel.Examine(model.Folder, Options(building, cancellationToken)), cancellationToken);
            if (!ConversionLoss.CanMeasure(model.Folder, Options(stop: cancellationToken), ConversionLoss.LittleBytes)) return;
            progress.Report(last with { Done = last.Total, Step = "measuring what the conversion costs" });
            await ConversionLoss.MeasureAsync(model.Folder, Options(stop: cancellationToken), new(), cancellationToken);
        }
        catch (Exception failure) when (failure is ModelRefusedException or HostFailedException)
        {
            LogUnprepared(model.Manifest.Id, failure.Message);
        }
    }

    /// <summary>Measures, however long it takes.</summary>
    public async Task MeasureAsync(ShelvedModel model, CancellationToken cancellationToken)
    {
        try
        {
            await ConversionLoss.MeasureAsync(model.Folder, Options(stop: cancellationToken), new(), cancellationToken);
        }
        catch (Exception failure) when (failure is ModelRefusedException or HostFailedException)
        {
            LogUnprepared(model.Manifest.Id, failure.Message);
        }
    }

    private LoadOptions Options(IProgress<BuildProgress>? progress = null, CancellationToken stop = default) =>
        new(Device: inference.Value.Wish) { Build = new() { Home = BuiltFolder.Beside(shelf), Progress = progress, Stop = stop } };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} was not made ready: {Reason}")]
    private partial void LogUnprepared(string model, string reason);

    private sealed class Steps(Action<BuildProgress> report) : IProgress<BuildProgress>
    {
        public void Report(BuildProgress value) => report(value);
    }
}
