using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Changes;
using ModelAtlas.Web.Review.Data;
using Npgsql;

namespace ModelAtlas.Web.Webhooks;

/// <summary>Adds, tries and removes webhooks. A refusal is a sentence for the person who asked; null means done.</summary>
internal sealed class WebhookDesk(IDbContextFactory<ReviewDbContext> contexts, IDbContextFactory<AtlasDbContext> catalogue, WebhookSender sender, IOptions<HubOptions> hub, TimeProvider clock)
{
    public const int Most = 20;
    public const int LongestUrl = 500;
    private const int ShownDeliveries = 10;
    private const string Told = "This address is told already: remove it first to give it another secret.";
    private const string None = "There is no such webhook: somebody has removed it.";

    public static string HostOf(Webhook hook) => new Uri(hook.Url).Host;

    /// <returns>The secret, which nobody can show again.</returns>
    public async Task<(string? Secret, string? Complaint)> AddAsync(string? url, IReadOnlyCollection<string?> kinds, string who, CancellationToken cancellationToken)
    {
        var address = (url ?? "").Trim();
        if (sender.Refuse(address) is { } refusal) return (null, $"This address is not told anything: {refusal}.");
        address = new Uri(address).AbsoluteUri; // as it is sent
        if (address.Length > LongestUrl) return (null, $"An address has at most {LongestUrl} characters.");
        var wanted = ChangeFilter.Kinds.Skip(1).Select(kind => kind.Id).Where(kinds.Contains).ToArray();
        if (wanted is []) return (null, "Choose at least one kind of changes.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Webhooks.CountAsync(cancellationToken) >= Most) return (null, $"There are {Most} webhooks already: remove one first.");
        if (await db.Webhooks.AnyAsync(row => row.Url == address, cancellationToken)) return (null, Told);
        await using var verdicts = await catalogue.CreateDbContextAsync(cancellationToken);
        var newest = await verdicts.Verdicts.MaxAsync(verdict => (long?)verdict.Id, cancellationToken) ?? 0;
        var secret = RandomToken.ForMachines();
        var hook = new Webhook { Url = address, Secret = sender.Seal(secret), Kinds = wanted, MadeBy = who, MadeAt = Now, NextAt = Now, Cursor = newest };
        db.Webhooks.Add(hook);
        db.Audit.Add(new() { At = Now, Who = who, What = $"webhook added for {string.Join(", ", wanted)}", Subject = HostOf(hook) });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException taken) when (taken.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return (null, Told); // by another admin, at the same moment
        }
        return (secret, null);
    }

    public async Task<string?> TestAsync(int id, string who, CancellationToken cancellationToken)
    {
        if (hub.Value.Offline) return "This site sends nothing: it was started offline.";
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } hook) return None;
        var delivery = await sender.SendAsync(hook, new("test", $"test-{Guid.NewGuid():n}", Now, []), cancellationToken);
        await NoteAsync(db, who, "webhook tried", hook, cancellationToken);
        return delivery.IsDone ? null : $"The test did not arrive: {delivery.Words}.";
    }

    /// <summary>Goes on where it stopped: what was missed is told.</summary>
    public async Task<string?> SwitchAsync(int id, bool isOn, string who, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } hook) return None;
        await db.Webhooks.Where(row => row.Id == id).ExecuteUpdateAsync(row => row
            .SetProperty(stored => stored.OffSince, isOn ? null : (DateTime?)Now).SetProperty(stored => stored.OffReason, isOn ? null : $"switched off by {who}")
            .SetProperty(stored => stored.Failures, 0).SetProperty(stored => stored.NextAt, Now), cancellationToken);
        await NoteAsync(db, who, isOn ? "webhook switched on" : "webhook switched off", hook, cancellationToken);
        return null;
    }

    public async Task<string?> RemoveAsync(int id, string who, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } hook) return None;
        await db.Webhooks.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        await NoteAsync(db, who, "webhook removed", hook, cancellationToken);
        return null;
    }

    public async Task<IReadOnlyList<ShownWebhook>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var hooks = await db.Webhooks.AsNoTracking().OrderBy(row => row.Id).Take(Most).ToListAsync(cancellationToken);
        List<ShownWebhook> shown = [];
        foreach (var hook in hooks)
            shown.Add(new(hook, await db.Deliveries.AsNoTracking().Where(row => row.WebhookId == hook.Id).OrderByDescending(row => row.Id).Take(ShownDeliveries).ToListAsync(cancellationToken)));
        return shown;
    }

    private async Task NoteAsync(ReviewDbContext db, string who, string what, Webhook hook, CancellationToken cancellationToken)
    {
        db.Audit.Add(new() { At = Now, Who = who, What = what, Subject = HostOf(hook) });
        await db.SaveChangesAsync(cancellationToken);
    }

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}

/// <param name="Deliveries">The last ones, newest first.</param>
internal sealed record ShownWebhook(Webhook Hook, IReadOnlyList<WebhookDelivery> Deliveries);
