using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Accounts.Data;

namespace ModelAtlas.Web.Accounts.Sessions;

/// <summary>Who is signed in. A cookie is only a pointer to a row here, so ending the row ends the session wherever its cookie was copied to.</summary>
internal sealed class SessionBook(IDbContextFactory<AccountsDbContext> contexts, TimeProvider time)
{
    /// <summary>How long an answer is believed before the database is asked again: what another process ended is over here after this.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<string, (SignedIn Who, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>Begins a session under a new token and ends the one this browser had.</summary>
    public async Task<string> OpenAsync(Account account, string? replaced, CancellationToken cancellationToken)
    {
        var token = RandomToken.ForMachines();
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Sessions.Add(new()
        {
            TokenHash = RandomToken.Hash(token),
            AccountId = account.Id,
            Stamp = account.Stamp,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        });
        await db.SaveChangesAsync(cancellationToken);
        await db.Sessions.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        if (replaced is not null) await CloseAsync(replaced, cancellationToken);
        return token;
    }

    /// <summary>Whose session this is; null when it is over.</summary>
    public async Task<SignedIn?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(token, out var known) && now < known.Until) return known.Who;
        var hash = RandomToken.Hash(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var who = await db.Sessions
            .Where(session => session.TokenHash == hash && session.ExpiresAt > now.UtcDateTime)
            .Join(db.Accounts, session => session.AccountId, account => account.Id, (session, account) => new { session, account })
            .Where(pair => pair.session.Stamp == pair.account.Stamp && !pair.account.Disabled)
            .Select(pair => new SignedIn(pair.account.Id, pair.account.Name, pair.account.Role))
            .SingleOrDefaultAsync(cancellationToken);
        if (who is null)
        {
            _known.TryRemove(token, out _);
            return null;
        }
        if (_known.Count >= MostRemembered) _known.Clear();
        _known[token] = (who, now + Freshness);
        return who;
    }

    public async Task CloseAsync(string token, CancellationToken cancellationToken)
    {
        var hash = RandomToken.Hash(token);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Sessions.Where(row => row.TokenHash == hash).ExecuteDeleteAsync(cancellationToken);
        _known.TryRemove(token, out _);
    }

    /// <summary>Forgets what is believed, after an account changed in this process.</summary>
    public void Recheck() => _known.Clear();
}

/// <summary>The account behind a live session.</summary>
internal sealed record SignedIn(int AccountId, string Name, AccountRole Role);
