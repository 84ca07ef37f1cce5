using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ModelAtlas.Ingest.Sync;
using Npgsql;

namespace ModelAtlas.Ingest.Code;

/// <summary>
/// Follows the cards of the most used models to the code that they name. A code host lets strangers ask sixty times an hour, so one run reads a handful of repositories;
/// one that another card named before is not asked again.
/// </summary>
internal sealed partial class ReadCodeJob(NpgsqlDataSource database, CodeReader reader, TimeProvider clock, ILogger<ReadCodeJob> logger)
{
    private const int MostRepositories = 8; // of five requests each at most
    private const int MostOfOneCard = 2;
    private const int ModelsAtOnce = 50;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(60);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!reader.IsOn) return;
        var (started, now, asked, visited) = (Stopwatch.GetTimestamp(), clock.GetUtcNow().UtcDateTime, 0, 0);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var row in await ModelStore.FindAsync(connection, await CodeTable.NextAsync(connection, now - Fresh, ModelsAtOnce, cancellationToken), cancellationToken))
        {
            if (asked >= MostRepositories || Stopwatch.GetElapsedTime(started) > Slice) break;
            List<CodeAddress> named = [.. CodeEvidence.Named(Assessment.Read(row).Items).Take(MostOfOneCard)];
            var known = await CodeTable.FindAsync(connection, [.. named.Select(address => address.Url)], cancellationToken);
            List<Domain.Catalog.CodeRepository> read = [.. known.Values];
            foreach (var address in named.FindAll(address => !known.TryGetValue(address.Url, out var seen) || seen.ReadAt < now - Fresh))
            {
                read.RemoveAll(repository => repository.Url == address.Url);
                read.Add(await reader.ReadAsync(address, cancellationToken));
                asked++;
            }
            await CodeTable.WriteAsync(connection, row.Id, now, read, cancellationToken);
            visited++;
        }
        if (visited > 0) LogVisited(visited, asked);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Followed the cards of {Models} models to {Repositories} code repositories")]
    private partial void LogVisited(int models, int repositories);
}
