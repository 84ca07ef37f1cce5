using Microsoft.Extensions.Logging;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Crawl;
using ModelAtlas.Ingest.Sync;
using Npgsql;
using NpgsqlTypes;

namespace ModelAtlas.Ingest.ModelsDev;

/// <summary>Takes the models that are only offered as a service into the catalogue. What the hub has a repository of is never touched: there the files speak.</summary>
internal sealed partial class SyncServicesJob(ModelsDevClient client, CatalogWriter catalog, NpgsqlDataSource database, CrawlLock locks, TimeProvider clock, ILogger<SyncServicesJob> logger)
{
    public const string Source = "models.dev";
    private const int PageSize = 500;

    public async Task<PageResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await locks.TryTakeAsync(Source, cancellationToken);
        if (turn is null) return PageResult.None;
        var (body, fault) = await client.ListAsync(cancellationToken);
        using (body)
        {
            if (body is null || !TryRead(body.Bytes, out var list, ref fault))
            {
                LogFailed(fault ?? "");
                return PageResult.None;
            }
            var repositories = await RepositoriesAsync([.. list.Models.Select(model => model.Id)], cancellationToken);
            var (result, now) = (PageResult.None, clock.GetUtcNow());
            foreach (var models in list.Models.Where(model => !repositories.Contains(model.Id)).Chunk(PageSize))
                result += await catalog.WriteAsync(new(Source, now, models, [], [], null), cancellationToken);
            var cursor = new CrawlCursor
            {
                Source = Source,
                State = CrawlState.Done,
                StartedAt = now.UtcDateTime,
                HeartbeatAt = now.UtcDateTime,
                FinishedAt = now.UtcDateTime,
                Pages = 1,
                Read = result.Total + list.Unreadable.Count,
                Stored = result.Stored + result.Merged,
                Unchanged = result.Unchanged,
            };
            result += await catalog.WriteAsync(new(Source, now, [], [], list.Unreadable, cursor), cancellationToken);
            LogTaken(result.Stored, result.Merged, result.Unchanged, repositories.Count, result.Quarantined);
            return result;
        }
    }

    private static bool TryRead(ReadOnlyMemory<byte> json, out ServiceList list, ref string? fault)
    {
        try
        {
            list = ModelsDevReader.Read(json);
            return true;
        }
        catch (InvalidDataException broken)
        {
            (list, fault) = (new([], []), broken.Message);
            return false;
        }
    }

    /// <summary>Ids under which, in any letter case, the catalogue knows a repository.</summary>
    private async Task<HashSet<string>> RepositoriesAsync(string[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var named = await BaseTable.FindAsync(connection, ids, cancellationToken);
        named.AddRange(await BaseTable.FindInAnyCaseAsync(connection, ids, cancellationToken));
        await using var command = new NpgsqlCommand("SELECT id FROM model WHERE id = ANY($1) AND state <> $2", connection);
        command.Parameters.Add(new() { Value = named.Select(model => model.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (short)RepoState.Service });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var repositories = new HashSet<int>();
        while (await rows.ReadAsync(cancellationToken)) repositories.Add(rows.GetInt32(0));
        known.UnionWith(named.Where(model => repositories.Contains(model.Id)).Select(model => model.Name));
        return known;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "models.dev: {Stored} new services, {Merged} changed, {Unchanged} unchanged, {Repositories} left to the hub, {Quarantined} unreadable")]
    private partial void LogTaken(int stored, int merged, int unchanged, int repositories, int quarantined);

    [LoggerMessage(Level = LogLevel.Warning, Message = "models.dev was not read: {Reason}")]
    private partial void LogFailed(string reason);
}
