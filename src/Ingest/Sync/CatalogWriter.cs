using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>The only code that writes catalogue tables: one page of a source in one transaction, with the cursor behind it. Writing a page again changes nothing.</summary>
public sealed class CatalogWriter(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    /// <summary>One page at a time over all processes: then the numbers of <c>model_rev</c> become visible in their order.</summary>
    private const long WriterLock = 0x4D6F64656C41746C;

    /// <summary>So many models are judged again in one transaction.</summary>
    public const int DueAtOnce = 500;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly TermBook _names = new();
    private readonly KnownEvidence _known = new();
    private string? _mostlyNew;

    public Task<PageResult> WriteAsync(CatalogPage page, CancellationToken cancellationToken) =>
        InTurnAsync((transaction, connection) => WriteAsync(transaction, connection, page, cancellationToken), cancellationToken);

    /// <summary>Judges the next <paramref name="most"/> models again that other rules have judged. Returns the number of the last one, null when there are no more.</summary>
    public Task<int?> ReclassifyAsync(string ruleVersion, int afterId, int most, CancellationToken cancellationToken) => InTurnAsync(async (transaction, connection) =>
    {
        var rows = await ModelStore.FindOutdatedAsync(connection, ruleVersion, afterId, most, cancellationToken);
        await JudgeAsync(transaction, connection, $"rules:{ruleVersion}", rows, cancellationToken);
        return rows is [.., var last] ? last.Id : (int?)null;
    }, cancellationToken);

    /// <summary>Judges the next <paramref name="most"/> models again whose bases or datasets have changed. Returns how many there were.</summary>
    public Task<int> JudgeDueAsync(int most, CancellationToken cancellationToken) => InTurnAsync(async (transaction, connection) =>
    {
        var due = await DueTable.NextAsync(connection, most, cancellationToken);
        await DueTable.RemoveAsync(connection, due, cancellationToken);
        await JudgeAsync(transaction, connection, "lineage", await ModelStore.FindAsync(connection, due, cancellationToken), cancellationToken);
        return due.Count;
    }, cancellationToken);

    /// <summary>Judges until nothing is due any more. Ends, because what a model gives to others follows from evidence alone, and a gift that stays the same is passed on to nobody.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (await JudgeDueAsync(DueAtOnce, cancellationToken) > 0)
        {
        }
    }

    /// <summary>Gives a licence of the desk its row, also before any model has it.</summary>
    public Task NameLicenseAsync(string key, CancellationToken cancellationToken) => InTurnAsync(async (_, connection) =>
    {
        await _names.AddLicensesAsync(connection, [key], cancellationToken);
        return key;
    }, cancellationToken);

    private async Task JudgeAsync(NpgsqlTransaction transaction, NpgsqlConnection connection, string source, IReadOnlyList<StoredModel> rows, CancellationToken cancellationToken)
    {
        var (parts, models, now) = (new PartWriter(transaction, _names), new ModelWriter(_names, _known, clock), clock.GetUtcNow().UtcDateTime);
        await parts.WriteAsync(
            rows, some => models.JudgeAsync(connection, some, cancellationToken), row => (row.RepoId, ElementKind.Model, row.Facts ?? []), cancellationToken);
        await QuarantineTable.WriteAsync(connection, source, now, parts.Refused, now, cancellationToken);
    }

    private async Task<T> InTurnAsync<T>(Func<NpgsqlTransaction, NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var wait = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = WriterLock } } })
                await wait.ExecuteNonQueryAsync(cancellationToken);
            var result = await write(transaction, connection);
            await transaction.CommitAsync(cancellationToken);
            _names.Commit();
            return result;
        }
        catch
        {
            _names.Forget();
            _known.Forget();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<PageResult> WriteAsync(NpgsqlTransaction transaction, NpgsqlConnection connection, CatalogPage page, CancellationToken cancellationToken)
    {
        var at = Instant.Round(page.ObservedAt.UtcDateTime);
        var parts = new PartWriter(transaction, _names);
        var models = new ModelWriter(_names, _known, clock);
        var known = _mostlyNew != page.Source; // whoever has just brought news will bring more: looking for what is known already would be in vain
        var result = await parts.WriteAsync(
            page.Incoming,
            some => models.WriteAsync(connection, page.Source, some, known, cancellationToken),
            model => (model.Model.Id, ElementKind.Model, HubModelWriter.Write(model.Model)),
            cancellationToken);
        _mostlyNew = result.Stored * 2 > page.Models.Count ? page.Source : null;
        result += await parts.WriteAsync(
            page.Datasets,
            some => DatasetTable.WriteAsync(connection, page.Source, at, some, cancellationToken),
            dataset => (dataset.Id, ElementKind.Dataset, HubDatasetWriter.Write(dataset)),
            cancellationToken);
        List<UnreadableElement> refused = [.. page.Unreadable, .. parts.Refused];
        await QuarantineTable.WriteAsync(connection, page.Source, at, refused, clock.GetUtcNow().UtcDateTime, cancellationToken);
        result += new PageResult(0, 0, 0, refused.Count);
        if (page.Cursor is { } cursor) await CursorTable.WriteAsync(connection, cursor, result, cancellationToken);
        return result;
    }

    public void Dispose() => _turn.Dispose();
}
