using System.CommandLine;
using System.CommandLine.Help;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Prompts.Jinja;
using ModelAtlas.Inference.Prompts.Tokenizers;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Commands;

/// <summary>Every verb of <c>./atlas</c>. Exit codes: 0 done, 1 failed, 2 wrong usage. stdout carries results only.</summary>
internal static class AtlasCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new Command("atlas", "ModelAtlas: what a model is, whether you may use it, and how well it runs.")
        {
            new HelpOption(),
            new VersionOption(),
            UpCommand.Create(),
            HealthCommand.Create(),
            ClassifyCommand.Create(),
            ImportCommand.Create(),
            ExportCommand.Create(),
            MigrateCommand.Create(),
            SyncCommand.Create(),
            AdminCommand.Create(),
            RenderCommand.Create(),
            TokenizeCommand.Create(),
            IdentifyCommand.Create(),
            PullCommand.Create(),
            ModelsCommand.Create(),
            RunCommand.Create(),
            LogitsCommand.CreateLogits(),
            LogitsCommand.CreateScore(),
            BenchCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors is [var error, ..])
        {
            var command = parsed.CommandResult.Command;
            await Console.Error.WriteLineAsync(command != root ? $"{error.Message} (see ./atlas {command.Name} --help)"
                : args is [var verb, ..] ? $"./atlas has no verb '{LogLineFormatter.OneLine(verb)}': ./atlas --help lists them." : "Name a verb: ./atlas --help lists them.");
            return 2;
        }
        using var signals = new StopSignals();
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, signals.Token);
        }
        catch (CommandException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return refused.ExitCode;
        }
        catch (Exception refused) when (refused is ModelRefusedException or TokenizerException or TemplateException or ArithmeticException)
        {
            await Console.Error.WriteLineAsync(LogLineFormatter.OneLine(refused.Message));
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130; // Ctrl+C
        }
        catch (Exception unexpected) when (Environment.GetEnvironmentVariable("ATLAS_DEBUG") is null)
        {
            await Console.Error.WriteLineAsync($"Failed: {LogLineFormatter.OneLine(unexpected.Message)} ({unexpected.GetType().Name}; set ATLAS_DEBUG=1 for the full report)");
            return 1;
        }
    }
}

/// <summary>Ends a verb with one line on stderr that names the thing and the remedy.</summary>
internal sealed class CommandException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
