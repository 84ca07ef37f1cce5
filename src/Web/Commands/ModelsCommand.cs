using System.CommandLine;
using System.Globalization;
using ModelAtlas.Inference.BuiltIn;
using ModelAtlas.Inference.Models;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Commands;

/// <summary><c>./atlas models</c>: what was fetched, and whether it can run here.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var options = new ModelOptions();
        var command = new Command("models", "List the model that comes with the program and those that were fetched: name, size, weights, and whether each can run here, else why not.") { options.Weights, options.Device };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var shelf = PullCommand.ShelfOf(AtlasConfiguration.Load());
            var wish = new LoadOptions(parsed.GetValue(options.Weights), options.WishedDevice(parsed)) { Build = new() { Home = BuiltFolder.Beside(shelf), OnlyLooks = true } };
            var models = shelf.List().ToList();
            if (models.Count == 0) await Console.Error.WriteLineAsync("No model was fetched yet: ./atlas pull OWNER/NAME fetches one.");
            var width = models.Select(model => model.Manifest.Id.Length).Append(BuiltInModel.Id.Length).Max();
            if (BuiltInModel.IsThere) await Console.Out.WriteLineAsync($"{BuiltInModel.Id.PadRight(width)}  {Size(BuiltInModel.Bytes),10}  {State(BuiltInModel.Folder, wish)}");
            foreach (var model in models)
                await Console.Out.WriteLineAsync($"{model.Manifest.Id.PadRight(width)}  {Size(model.Manifest.Bytes),10}  {await StateAsync(model, wish, cancellationToken)}");
            return 0;
        });
        return command;
    }

    private static async Task<string> StateAsync(ShelvedModel model, LoadOptions wish, CancellationToken cancellationToken)
    {
        return await model.FaultAsync(cancellationToken) is { } fault ? $"cannot run: {LogLineFormatter.OneLine(fault)}" : State(model.Folder, wish);
    }

    private static string State(string folder, LoadOptions wish)
    {
        try
        {
            return $"{LoadedModel.Examine(folder, wish).Package.Weights}  runs";
        }
        catch (ModelRefusedException refused)
        {
            return $"cannot run: {LogLineFormatter.OneLine(refused.Message)}";
        }
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
