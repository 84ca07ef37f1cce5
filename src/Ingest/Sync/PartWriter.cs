using System.Text;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Writes rows together; when one of them cannot be written, halves the lot until it is found, sets it aside and keeps its neighbours.</summary>
internal sealed class PartWriter(NpgsqlTransaction transaction, TermBook names)
{
    private const string Here = "part";

    public List<UnreadableElement> Refused { get; } = [];

    public async Task<PageResult> WriteAsync<TRow>(
        IReadOnlyList<TRow> rows, Func<IReadOnlyList<TRow>, Task<PageResult>> write, Func<TRow, (string Id, ElementKind Kind, byte[] Raw)> show, CancellationToken cancellationToken)
    {
        if (rows is []) return PageResult.None;
        await transaction.SaveAsync(Here, cancellationToken);
        try
        {
            var result = await write(rows);
            await transaction.ReleaseAsync(Here, cancellationToken);
            return result;
        }
        catch (Exception refusal) when (ReasonOf(refusal) is not null)
        {
            await transaction.RollbackAsync(Here, cancellationToken);
            await transaction.ReleaseAsync(Here, cancellationToken);
            names.Rollback();
            if (rows is not [var only])
                return await WriteAsync([.. rows.Take(rows.Count / 2)], write, show, cancellationToken)
                    + await WriteAsync([.. rows.Skip(rows.Count / 2)], write, show, cancellationToken);
            var (id, kind, raw) = show(only);
            Refused.Add(UnreadableElement.Of(id, CleanText.Of(ReasonOf(refusal) ?? "", HubLimits.LicenseText), raw, kind));
            return PageResult.None;
        }
    }

    /// <summary>Why a row is to blame; null when the database or the network is.</summary>
    private static string? ReasonOf(Exception refusal) => refusal switch
    {
        PostgresException { IsTransient: false, SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] or ['P', '0', ..] } postgres => $"the database refuses it: {postgres.MessageText} ({postgres.SqlState})",
        UnwritableException or EncoderFallbackException or OverflowException => $"cannot be written: {refusal.Message}",
        _ => null,
    };
}

/// <summary>One row that cannot be stored or judged, whatever the others are.</summary>
internal sealed class UnwritableException(string message, Exception cause) : Exception(message, cause);
