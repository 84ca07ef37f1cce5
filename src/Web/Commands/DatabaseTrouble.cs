using ModelAtlas.Web.Hosting;
using Npgsql;

namespace ModelAtlas.Web.Commands;

/// <summary>A database that went away or has no more room, in words: what was written stands, and the same command goes on from there.</summary>
internal static class DatabaseTrouble
{
    /// <summary>The failure itself, where something else failed because of it.</summary>
    public static NpgsqlException? Find(Exception failure) => failure as NpgsqlException ?? failure.InnerException as NpgsqlException;

    public static CommandException Of(NpgsqlException failure, string what) => new(failure is PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.InsufficientResources }
        ? $"{what}: the disk of the database is full ({LogLineFormatter.OneLine(failure.Message)}): make room there and run this again, which goes on where this stopped."
        : $"{what}: the database is away ({LogLineFormatter.OneLine(failure.Message)}): start it and run this again, which goes on where this stopped.");
}
