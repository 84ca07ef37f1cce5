using System.CommandLine;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Ingest.Judging;

namespace ModelAtlas.Web.Commands;

internal static class ClassifyCommand
{
    public static Command Create()
    {
        var models = new Argument<string[]>("FILE") { Description = "Model rows: JSON lines, plain or gzipped.", Arity = ArgumentArity.OneOrMore };
        var cards = new Option<string[]>("--cards") { Description = "Lines of {\"id\", \"card\"}.", AllowMultipleArgumentsPerToken = true };
        var datasets = new Option<string[]>("--datasets") { Description = "Dataset rows.", AllowMultipleArgumentsPerToken = true };
        var folder = new Option<string?>("--files") { Description = "Folder that holds owner__name/LICENSE and the like." };
        var lens = new Option<string>("--lens") { Description = "Whose definition: default, strict, osaid, mof or lenient.", DefaultValueFactory = _ => "default" };
        var output = new Option<string?>("--out") { Description = "Where the verdicts go; without it, to stdout." };
        var command = new Command("classify", "Judge the models of a file: one JSON line each, no database.") { models, cards, datasets, folder, lens, output };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(
            new(
                Existing(parsed.GetValue(models)),
                Existing(parsed.GetValue(cards)),
                Existing(parsed.GetValue(datasets)),
                ExistingFolder(parsed.GetValue(folder)),
                Lenses.Find(parsed.GetValue(lens) ?? "") ?? throw new CommandException($"\"{parsed.GetValue(lens)}\" is no lens: use {string.Join(", ", Lenses.All.Select(Lenses.Word))}.", exitCode: 2),
                TimeProvider.System.GetUtcNow()),
            parsed.GetValue(output),
            cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> Run(JudgedFiles files, string? outputPath, CancellationToken cancellationToken)
    {
        var unread = new UnreadLines();
        await using (var output = outputPath is null ? Console.OpenStandardOutput() : Created(outputPath)) FileJudge.Run(files, output, unread, cancellationToken);
        if (unread.Count > 0) await Console.Error.WriteLineAsync($"{unread.Count} {(unread.Count == 1 ? "line was" : "lines were")} left out. {unread.First}");
        return 0;
    }

    private static FileStream Created(string path)
    {
        try
        {
            return new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1024 * 1024);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be written ({refused.Message}): name another file after --out.");
        }
    }

    private static string[] Existing(string[]? paths)
    {
        foreach (var path in paths ?? [])
        {
            if (!File.Exists(path)) throw new CommandException($"{path} does not exist: name a file of JSON lines.");
        }
        return paths ?? [];
    }

    private static string? ExistingFolder(string? path) =>
        path is null || Directory.Exists(path) ? path : throw new CommandException($"{path} is no folder: name one that holds owner__name folders.");
}
