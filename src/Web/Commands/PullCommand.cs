using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Architectures.Conversion;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Scheduling;
using ModelAtlas.Ingest;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas pull</c>: fetches a model from the hub, whole and checked, or not at all.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "Id of a model on the hub: OWNER/NAME." };
        var options = new ModelOptions();
        var command = new Command("pull", "Fetch a model from the hub of Atlas__Hub__Endpoint: one set of weights, fit for the device and precision asked for. What was cut goes on.") { model, options.Weights, options.Device };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(model), parsed.GetValue(options.Weights), options.WishedDevice(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string id, WeightsWish weights, DeviceWish device, CancellationToken cancellationToken)
    {
        var configuration = AtlasConfiguration.Load();
        await using var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLogging(logging => logging.AddLogLines(configuration))
            .AddIngest()
            .AddDownloads(ShelfOf(configuration).Home)
            .BuildServiceProvider();
        try
        {
            var download = services.GetRequiredService<ModelDownload>();
            using var line = new ProgressLine(Console.Error, Console.IsErrorRedirected);
            var (model, complaint, fetched) = await download.PullAsync(id, Wish(weights, Device.Choose(device).IsGpu), new Shown(line), cancellationToken);
            line.End();
            if (model is null) throw new CommandException(LogLineFormatter.OneLine(complaint ?? ""));
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{model.Manifest.Id} is here at commit {model.Manifest.Commit}: {model.Manifest.Files.Count} files, {model.Manifest.Bytes} bytes, {fetched} of them fetched"));
            try
            {
                var load = new LoadOptions(weights, device) { Build = new() { Home = BuiltFolder.Beside(ShelfOf(configuration)), Progress = new BuildLine(line), Stop = cancellationToken } };
                LoadedModel.Examine(model.Folder, load);
                if (ConversionLoss.CanMeasure(model.Folder, load, ConversionLoss.LittleBytes))
                {
                    line.Show("Measuring what the conversion costs");
                    var loss = await ConversionLoss.MeasureAsync(model.Folder, load, new(), cancellationToken);
                    line.End();
                    if (loss is not null) await Console.Out.WriteLineAsync($"Its weights were rounded: {loss}");
                }
                line.End();
            }
            catch (Exception refused) when (refused is ModelRefusedException or HostFailedException)
            {
                line.End();
                await Console.Error.WriteLineAsync($"It cannot run here: {LogLineFormatter.OneLine(refused.Message)}");
            }
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            throw new CommandException(string.Join(" ", wrong.Failures));
        }
    }

    public static ModelShelf ShelfOf(IConfiguration configuration) => new(Path.Combine(AtlasConfiguration.Read(configuration).DataFolder, "models"));

    /// <summary>The same order in which the engine chooses among the files of a folder.</summary>
    private static PullWish Wish(WeightsWish weights, bool onGpu) => new(weights switch
    {
        WeightsWish.Stored => [FilePrecision.Fp32, FilePrecision.Fp16, FilePrecision.EightBit, FilePrecision.FourBit],
        WeightsWish.EightBit => [FilePrecision.EightBit],
        WeightsWish.FourBit => [FilePrecision.FourBit],
        _ when onGpu => [FilePrecision.Fp16, FilePrecision.FourBit, FilePrecision.Fp32, FilePrecision.EightBit],
        _ => [FilePrecision.FourBit, FilePrecision.EightBit, FilePrecision.Fp32, FilePrecision.Fp16],
    }, onGpu);

    /// <summary>At once, not by way of another thread: the last line comes before the result.</summary>
    private sealed class Shown(ProgressLine line) : IProgress<PullProgress>
    {
        private (long Time, long Done)? _first;

        public void Report(PullProgress value)
        {
            _first ??= (Stopwatch.GetTimestamp(), value.Done);
            line.Show(Words(value, value.Done - _first.Value.Done, Stopwatch.GetElapsedTime(_first.Value.Time)));
        }
    }

    /// <param name="came">Bytes that came within the time.</param>
    internal static string Words(PullProgress value, long came, TimeSpan within)
    {
        var rate = came / Math.Max(within.TotalSeconds, 0.001);
        var left = within.TotalSeconds >= 1 && rate > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rate / 1048576:0.0} MiB/s, {Math.Ceiling((value.Total - value.Done) / rate):0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{value.Done / 1048576.0:0.0} of {value.Total / 1048576.0:0.0} MiB ({100.0 * value.Done / Math.Max(value.Total, 1):0} %){left}  {Terminal.Safe(value.Step)}");
    }
}
