using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Licenses;
using ModelAtlas.Ingest.Sync;
using ModelAtlas.Web.Catalog;
using ModelAtlas.Web.Display;
using ModelAtlas.Web.Review.Data;

namespace ModelAtlas.Web.Review;

/// <summary>Sets and ends overrides. A refusal is a sentence for the person who asked; null means done.</summary>
internal sealed class OverrideDesk(IDbContextFactory<ReviewDbContext> contexts, CatalogStore catalog, CatalogWriter writer, TimeProvider time)
{
    public const int LongestReason = 1_000;
    public const int MostDays = 366;
    public const int UsualDays = 90;
    private const int ShortestReason = 10;
    private const int MostLive = 5_000;
    private const int MostShown = 200;

    public async Task<string?> SetAsync(string? repoId, string? kind, string? license, string? reason, int days, string who, CancellationToken cancellationToken)
    {
        var name = (repoId ?? "").Trim();
        var opened = CatalogWords.Classes.FirstOrDefault(known => known.Value is not null && known.Id == kind);
        if (opened is null && !string.IsNullOrEmpty(kind)) return "That is no class this page offers.";
        var key = (license ?? "").Trim();
        if (key.Length > 0 && LicenseDesk.Find(key) is null) return $"There is no licence {PlainText.Clean(key)} on the licence desk: take the id of one, such as apache-2.0.";
        if (opened is null && key.Length == 0) return "Set a class, a licence or both.";
        var words = PlainText.Clean(reason ?? "");
        if (words.Length is < ShortestReason or > LongestReason) return $"Give the reason, in {ShortestReason} to {LongestReason} characters: it is shown wherever the override is.";
        if (days is < 1 or > MostDays) return $"An override holds for 1 to {MostDays} days; after that it is to be looked at again.";
        if (name.Length is 0 or > 400 || name.Contains('\0', StringComparison.Ordinal) || await IdentityAsync(name, cancellationToken) is not { } identity)
            return "The catalogue has no model of this name.";
        if (key.Length > 0) await writer.NameLicenseAsync(key, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"LOCK TABLE review.override IN SHARE ROW EXCLUSIVE MODE", cancellationToken); // two people at once do not both end the one before
        if (await db.Overrides.CountAsync(row => row.EndedAt == null && row.ExpiresAt > Now, cancellationToken) >= MostLive) return $"At most {MostLive} overrides hold at a time: what so many need is another rule.";
        var before = await identity.Of(db.Overrides).Where(row => row.EndedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(old => old.EndedAt, Now).SetProperty(old => old.EndedBy, who), cancellationToken);
        db.Overrides.Add(new() { RepoId = name, HubId = identity.HubId, Class = (Domain.Catalog.Openness?)opened?.Value, LicenseKey = key.Length == 0 ? null : key, Reason = words, MadeBy = who, MadeAt = Now, ExpiresAt = Now.AddDays(days) });
        var set = string.Join(" and ", new[] { opened is null ? null : $"class {opened.Id}", key.Length == 0 ? null : $"licence {key}" }.OfType<string>());
        db.Audit.Add(new() { At = Now, Who = who, What = $"override set to {set} for {days} days{(before > 0 ? ", in place of another" : "")}", Subject = name, Reason = words });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    public async Task<string?> EndAsync(int id, string? reason, string who, CancellationToken cancellationToken)
    {
        var words = PlainText.Clean(reason ?? "");
        if (words.Length is 0 or > LongestReason) return $"Give the reason, in at most {LongestReason} characters.";
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Overrides.Where(row => row.Id == id && row.EndedAt == null && row.ExpiresAt > Now).ExecuteUpdateAsync(
                row => row.SetProperty(old => old.EndedAt, Now).SetProperty(old => old.EndedBy, who), cancellationToken) == 0) return "This override has ended already, or there is none.";
        var repoId = await db.Overrides.Where(row => row.Id == id).Select(row => row.RepoId).SingleAsync(cancellationToken);
        db.Audit.Add(new() { At = Now, Who = who, What = $"override {id} ended", Subject = repoId, Reason = words });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Of one model, newest first.</summary>
    public async Task<IReadOnlyList<Override>> OfAsync(string repoId, CancellationToken cancellationToken)
    {
        if (await IdentityAsync(repoId, cancellationToken) is not { } identity) return [];
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await identity.Of(db.Overrides).AsNoTracking().OrderByDescending(row => row.Id).Take(MostShown).ToListAsync(cancellationToken);
    }

    /// <summary>Those that hold, the next to expire first, and those that held.</summary>
    public async Task<(IReadOnlyList<Override> Live, IReadOnlyList<Override> Past)> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (
            await db.Overrides.AsNoTracking().Where(row => row.EndedAt == null && row.ExpiresAt > Now).OrderBy(row => row.ExpiresAt).Take(MostShown).ToListAsync(cancellationToken),
            await db.Overrides.AsNoTracking().Where(row => row.EndedAt != null || row.ExpiresAt <= Now).OrderByDescending(row => row.Id).Take(MostShown).ToListAsync(cancellationToken));
    }

    private Task<ModelIdentity?> IdentityAsync(string repoId, CancellationToken cancellationToken) => catalog.ReadAsync(async db => await db.Models.Where(model => model.RepoId == repoId)
        .Select(model => new ModelIdentity(repoId, model.HubId, db.Aliases.Where(alias => alias.ModelId == model.Id).Select(alias => alias.Alias).ToList())).FirstOrDefaultAsync(cancellationToken), cancellationToken);

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}

/// <summary>By what a model is known again: as <see cref="LiveOverride.IsOfModel"/> has it, for overrides of any time.</summary>
internal sealed record ModelIdentity(string RepoId, string? HubId, IReadOnlyList<string> Aliases)
{
    public IQueryable<Override> Of(IQueryable<Override> all) => all.Where(row =>
        (row.HubId != null && row.HubId == HubId) || (row.RepoId == RepoId && (row.HubId == null || HubId == null)) || (row.HubId == null && Aliases.Contains(row.RepoId)));
}
