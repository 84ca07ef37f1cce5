using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Web.Changes;
using ModelAtlas.Web.Review;
using ModelAtlas.Web.Review.Data;

namespace ModelAtlas.Web.Webhooks;

/// <summary>Tells each webhook what has changed since it was told last. Whoever takes one puts its next turn off, so that two processes never tell the same; one that dies in between is told again, by the same id.</summary>
internal sealed partial class DeliverWebhooksJob(
    IDbContextFactory<AtlasDbContext> catalogue, IDbContextFactory<ReviewDbContext> contexts, WebhookSender sender, TimeProvider clock, ILogger<DeliverWebhooksJob> logger)
{
    /// <summary>Failures in a row after which nothing more is sent until a person says so: some ten hours.</summary>
    public const int MostFailures = 8;

    private const int MostItems = 50;
    private const long Stretch = 20_000;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var (told, failed) = (0, 0);
        while (clock.GetElapsedTime(began) < Slice && await TakeAsync(cancellationToken) is { } hook)
        {
            var sent = await TellAsync(hook, began, cancellationToken);
            if (sent is null) failed++;
            told += sent ?? 0;
        }
        if (told > 0 || failed > 0) LogTold(told, failed);
    }

    private async Task<Webhook?> TakeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        while (await db.Webhooks.AsNoTracking().Where(row => row.OffSince == null && row.NextAt <= Now).OrderBy(row => row.NextAt).ThenBy(row => row.Id).FirstOrDefaultAsync(cancellationToken) is { } next)
            if (await db.Webhooks.Where(row => row.Id == next.Id && row.NextAt == next.NextAt && row.OffSince == null).ExecuteUpdateAsync(row => row.SetProperty(hook => hook.NextAt, Now + Lease), cancellationToken) == 1)
                return next;
        return null;
    }

    /// <returns>How many messages arrived; null when one did not.</returns>
    private async Task<int?> TellAsync(Webhook hook, long began, CancellationToken cancellationToken)
    {
        var (cursor, told, isAll) = (hook.Cursor, 0, false);
        while (!isAll && clock.GetElapsedTime(began) < Slice)
        {
            (var items, var end, isAll) = await NextAsync(hook, cursor, cancellationToken);
            if (items is not [])
            {
                await HoldAsync(hook, end, cancellationToken);
                var message = new WebhookMessage("changes", string.Create(CultureInfo.InvariantCulture, $"{hook.Id}-{cursor}-{end}"), Now, items);
                var delivery = await sender.SendAsync(hook, message, cancellationToken);
                if (!delivery.IsDone)
                {
                    await FailAsync(hook, cursor, delivery.Words, cancellationToken);
                    return null;
                }
                told++;
                hook = await MoveAsync(hook, end, isDone: true, Lease, cancellationToken);
            }
            cursor = end;
        }
        await MoveAsync(hook, cursor, isDone: false, isAll ? Pause : TimeSpan.Zero, cancellationToken);
        return told;
    }

    /// <summary>The wanted ones of the changes that follow, and up to which verdict that is.</summary>
    private async Task<(ChangeItem[] Items, long End, bool IsAll)> NextAsync(Webhook hook, long cursor, CancellationToken cancellationToken)
    {
        await using var db = await catalogue.CreateDbContextAsync(cancellationToken);
        var newest = await db.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
        var end = Math.Min(hook.Until > cursor ? hook.Until : cursor + Stretch, newest);
        if (end <= cursor) return ([], cursor, true);
        Task<List<CatalogChange>> OldestAsync(IQueryable<VerdictChange> changes) => VerdictChanges.Tell(db, changes.OrderBy(change => change.VerdictId).Take(MostItems)).ToListAsync(cancellationToken);
        var changed = await OldestAsync(VerdictChanges.Changed(db, ChangeKind.Any, new(), cursor, end + 1));
        var added = await OldestAsync(VerdictChanges.New(db, new(), cursor, end + 1));
        List<CatalogChange> found = [.. changed.Concat(added).OrderBy(change => change.Id).Take(MostItems)];
        if (found.Count == MostItems) end = found[^1].Id;
        var page = await VerdictChanges.ExplainAsync(db, new([.. found.Where(change => IsWanted(change, hook.Kinds))], null), cancellationToken);
        return ([.. page.Items.Select(ChangeItem.Of)], end, end == newest);
    }

    private static bool IsWanted(CatalogChange change, string[] kinds) =>
        (change.IsClass && kinds.Contains("class")) || (change.IsLicense && kinds.Contains("license")) || (change.IsConflict && kinds.Contains("conflict"))
        || (change.IsNew && kinds.Contains("new")) || (change.Rule != change.RuleBefore && kinds.Contains("rules"));

    /// <summary>Before it is sent, since it may arrive although we hear nothing of it.</summary>
    private async Task HoldAsync(Webhook hook, long end, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Webhooks.Where(row => row.Id == hook.Id).ExecuteUpdateAsync(row => row.SetProperty(stored => stored.Until, end), cancellationToken);
    }

    private async Task<Webhook> MoveAsync(Webhook hook, long cursor, bool isDone, TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var failures = isDone ? 0 : hook.Failures;
        await db.Webhooks.Where(row => row.Id == hook.Id).ExecuteUpdateAsync(
            row => row.SetProperty(stored => stored.Cursor, cursor).SetProperty(stored => stored.Failures, failures).SetProperty(stored => stored.NextAt, Now + pause), cancellationToken);
        return await db.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == hook.Id, cancellationToken) ?? hook;
    }

    /// <summary>Tried again after 2, 4, 8 minutes and so on; what it missed waits for it.</summary>
    private async Task FailAsync(Webhook hook, long cursor, string words, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var failures = hook.Failures + 1;
        var isOff = failures >= MostFailures;
        var pause = TimeSpan.FromMinutes(Math.Min(Math.Pow(2, failures), LongestPause.TotalMinutes));
        await db.Webhooks.Where(row => row.Id == hook.Id).ExecuteUpdateAsync(
            row => row.SetProperty(stored => stored.Cursor, cursor).SetProperty(stored => stored.Failures, failures).SetProperty(stored => stored.NextAt, Now + pause)
                .SetProperty(stored => stored.OffSince, stored => isOff ? Now : stored.OffSince).SetProperty(stored => stored.OffReason, stored => isOff ? $"{failures} messages in a row did not arrive: {words}" : stored.OffReason), cancellationToken);
        if (!isOff) return;
        db.Audit.Add(new AuditEntry { At = Now, Who = "the site", What = "webhook switched off", Subject = WebhookDesk.HostOf(hook), Reason = words });
        await db.SaveChangesAsync(cancellationToken);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Told} messages of changes arrived; {Failed} webhooks failed")]
    private partial void LogTold(int told, int failed);
}
