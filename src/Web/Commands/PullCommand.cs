using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using ModelAtlas.Inference.Models;
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
                LoadedModel.Examine(model.Folder, new(weights, device) { Build = new() { Home = BuiltFolder.Beside(ShelfOf(configuration)), OnlyLooks = true } });
            }
            catch (ModelRefusedException refused)
            {
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
        public void Report(PullProgress value) => line.Show(string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Done / 1048576.0:0.0} of {value.Total / 1048576.0:0.0} MiB ({100.0 * value.Done / Math.Max(value.Total, 1):0} %)  {Terminal.Safe(value.Step)}"));
    }
}
