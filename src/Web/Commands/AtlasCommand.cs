using System.CommandLine;

namespace ModelAtlas.Web.Commands;

/// <summary>Every verb of <c>./atlas</c>. Exit codes: 0 done, 1 failed, 2 wrong usage. stdout carries results only.</summary>
internal static class AtlasCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("ModelAtlas: what a model is, whether you may use it, and how well it runs.")
        {
            ClassifyCommand.Create(),
            MigrateCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors is [var error, ..])
        {
            await Console.Error.WriteLineAsync($"{error.Message} (see ./atlas {parsed.CommandResult.Command.Name} --help)");
            return 2;
        }
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false }, CancellationToken.None);
        }
        catch (CommandException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return refused.ExitCode;
        }
    }
}

/// <summary>Ends a verb with one line on stderr that names the thing and the remedy.</summary>
internal sealed class CommandException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
