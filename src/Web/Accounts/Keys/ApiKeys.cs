using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Accounts.Data;
using ModelAtlas.Web.Accounts.Sessions;

namespace ModelAtlas.Web.Accounts.Keys;

/// <summary>Keys for programs: shown once when they are made, revocable, worth what their account is worth.</summary>
internal sealed class ApiKeys(IDbContextFactory<AccountsDbContext> contexts, TimeProvider time)
{
    public const int LongestName = 60;
    public const int MostOfOneAccount = 20;

    private const string Beginning = "atlas_";
    private const int ShownLetters = 12;
    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<string, (SignedIn? Who, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <returns>The key, which nobody can show again.</returns>
    public async Task<(string? Key, string? Complaint)> CreateAsync(int accountId, string? name, CancellationToken cancellationToken)
    {
        name = name?.Trim();
        if (name is not { Length: > 0 and <= LongestName } || name.Any(char.IsControl)) return (null, $"Give the key a name of at most {LongestName} characters, such as the program that will use it.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.ApiKeys.CountAsync(key => key.AccountId == accountId, cancellationToken) >= MostOfOneAccount) return (null, $"An account has at most {MostOfOneAccount} keys: revoke one first.");
        var token = Beginning + RandomToken.ForMachines();
        db.ApiKeys.Add(new() { TokenHash = RandomToken.Hash(token), AccountId = accountId, Prefix = token[..ShownLetters], Name = name, CreatedAt = time.GetUtcNow().UtcDateTime });
        await db.SaveChangesAsync(cancellationToken);
        return (token, null);
    }

    public async Task<List<StoredApiKey>> ListAsync(int accountId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiKeys.AsNoTracking().Where(key => key.AccountId == accountId).OrderBy(key => key.CreatedAt).ToListAsync(cancellationToken);
    }

    public async Task RevokeAsync(int accountId, string prefix, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.ApiKeys.Where(key => key.AccountId == accountId && key.Prefix == prefix).ExecuteDeleteAsync(cancellationToken);
        _known.Clear();
    }

    /// <summary>Whose key this is; null for none of ours, and for one whose account may sign in no more.</summary>
    public async Task<SignedIn?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!key.StartsWith(Beginning, StringComparison.Ordinal) || key.Length != Beginning.Length + 64) return null;
        var now = time.GetUtcNow();
        if (_known.TryGetValue(key, out var known) && now < known.Until) return known.Who;
        var hash = RandomToken.Hash(key);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var who = await db.ApiKeys.Where(row => row.TokenHash == hash)
            .Join(db.Accounts, row => row.AccountId, account => account.Id, (_, account) => account)
            .Where(account => !account.Disabled)
            .Select(account => new SignedIn(account.Id, account.Name, account.Role))
            .SingleOrDefaultAsync(cancellationToken);
        var today = now.UtcDateTime.Date;
        if (who is not null) await db.ApiKeys.Where(row => row.TokenHash == hash && (row.LastUsedAt == null || row.LastUsedAt < today)).ExecuteUpdateAsync(row => row.SetProperty(stored => stored.LastUsedAt, today), cancellationToken);
        if (_known.Count >= MostRemembered) _known.Clear();
        _known[key] = (who, now + SessionBook.Freshness);
        return who;
    }
}
