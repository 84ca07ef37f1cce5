using System.CommandLine;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Commands;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder of the embedded database (default: .atlas beside the solution).", HelpName = "DIR" };
        var command = new Command("migrate", "Bring the database to the newest schema: that of ConnectionStrings__Atlas, else the embedded one.") { data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = AtlasConfiguration.Load(parsed.GetValue(data));
            using var loggers = AtlasLogging.CreateFactory(configuration);
            await using var database = await AtlasDatabase.OpenAsync(configuration, loggers, cancellationToken); // which migrates
            return 0;
        });
        return command;
    }
}
