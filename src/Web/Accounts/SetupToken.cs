using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Accounts.Data;

namespace ModelAtlas.Web.Accounts;

/// <summary>The one-time token that lets whoever reads this machine's console create the first admin. Only its hash is stored.</summary>
internal sealed class SetupToken(IDbContextFactory<AccountsDbContext> contexts, AccountReader accounts, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>A new token to print, or null when an admin exists. Earlier ones stay valid until they expire: several sites may start at once.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (await accounts.HasAdminAsync(cancellationToken)) return null;
        var token = RandomToken.ForPeople();
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.SetupTokens.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        db.SetupTokens.Add(new() { TokenHash = RandomToken.Hash(Normalize(token)), ExpiresAt = now + Lifetime });
        await db.SaveChangesAsync(cancellationToken);
        return token;
    }

    public static async Task<bool> IsValidAsync(AccountsDbContext db, string token, TimeProvider time, CancellationToken cancellationToken)
    {
        var hash = RandomToken.Hash(Normalize(token));
        var now = time.GetUtcNow().UtcDateTime;
        return await db.SetupTokens.AnyAsync(row => row.TokenHash == hash && row.ExpiresAt > now, cancellationToken);
    }

    private static string Normalize(string token) => string.Concat(token.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
