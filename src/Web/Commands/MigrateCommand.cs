using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Commands;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database of ConnectionStrings__Atlas to the newest schema.");
        command.SetAction(async (_, cancellationToken) =>
        {
            var connection = Environment.GetEnvironmentVariable("ConnectionStrings__Atlas")
                ?? throw new CommandException("ConnectionStrings__Atlas is not set: name the database to migrate, or run ./atlas up, which migrates its own.");
            await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(connection).Options);
            await db.Database.MigrateAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
