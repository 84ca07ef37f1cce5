using System.CommandLine;
using Microsoft.AspNetCore.WebUtilities;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Catalog.Index;
using ModelAtlas.Web.Catalog.Local;
using ModelAtlas.Web.Exports;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Commands;

internal static class ExportCommand
{
    public static Command Create()
    {
        var filter = new Option<string?>("--filter") { Description = "Keys of a list, such as \"class=open-source&params=..8B\"; or a whole /models?… address, for what that page shows (originals only, unless it says rel).", HelpName = "QUERY" };
        var format = new Option<string>("--format") { Description = $"{ExportFormat.Names}.", HelpName = "FORMAT", DefaultValueFactory = _ => "csv" };
        var file = new Option<string?>("--out") { Description = "File to write, in place of stdout.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Data folder of the embedded database (default: .atlas beside the solution).", HelpName = "DIR" };
        var command = new Command("export", "Write all models that pass a filter: the same keys as the list's address, without its limit.") { filter, format, file, data };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(filter), parsed.GetValue(format) ?? "", parsed.GetValue(file), parsed.GetValue(data), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? filter, string name, string? file, string? data, CancellationToken cancellationToken)
    {
        if (ExportFormat.Find(name) is not { } format) throw new CommandException($"--format {name} is none: it is {ExportFormat.Names}.", 2);
        var view = Read(filter ?? "");
        if (format.Name == "parquet" && file is null && !Console.IsOutputRedirected) throw new CommandException("parquet is not for a terminal: name a file with --out FILE.", 2);
        var configuration = AtlasConfiguration.Load(data);
        using var loggers = AtlasLogging.CreateFactory(configuration);
        await using var database = await AtlasDatabase.OpenAsync(configuration, loggers, cancellationToken);
        await using var services = new ServiceCollection().AddDomain(database.ConnectionString)
            .AddSingleton<CatalogStore>().AddSingleton<CatalogIndex>().AddSingleton<SnapshotLoader>().AddSingleton<ModelExport>().BuildServiceProvider();
        services.GetRequiredService<CatalogIndex>().Put(LocalFacts.Of(configuration.GetSection(InferenceOptions.Section).Get<InferenceOptions>() ?? new(), configuration.GetSection(PolicyOptions.Section).Get<PolicyOptions>() ?? new()));
        services.GetRequiredService<CatalogIndex>().Put(await services.GetRequiredService<SnapshotLoader>().LoadAsync(cancellationToken));
        var export = services.GetRequiredService<ModelExport>();
        await using var output = Open(file);
        await format.WriteAsync(export.ReadAsync(await export.FindAsync(view, cancellationToken), cancellationToken), output, cancellationToken);
        return 0;
    }

    private static CatalogView Read(string filter)
    {
        var start = filter.IndexOf('?', StringComparison.Ordinal);
        var (view, wrong) = CatalogUrl.Read(QueryHelpers.ParseQuery(start >= 0 ? filter[start..] : filter), start >= 0 ? CatalogUrl.Page : CatalogUrl.Api);
        return view ?? throw new CommandException($"--filter: {LogLineFormatter.OneLine($"{wrong?.Key} {wrong?.Message}")}.", 2);
    }

    private static Stream Open(string? file)
    {
        if (file is null) return Console.OpenStandardOutput();
        try
        {
            return File.Create(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file} cannot be written ({refused.Message}): choose another with --out.");
        }
    }
}
