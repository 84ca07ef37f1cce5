using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Web.Accounts.Data;

namespace ModelAtlas.Web.Accounts;

/// <summary>Name and password in, account or refusal out. A refusal says nothing about whether the account exists or why.</summary>
internal sealed partial class SignInDesk(
    IDbContextFactory<AccountsDbContext> contexts, IPasswordHasher<string> hasher, AttemptLimits limits, TimeProvider time, ILogger<SignInDesk> logger)
{
    /// <summary>Wrong passwords in a row before the account pauses.</summary>
    public const int FreeFailures = 5;

    // Checked when there is no such account, so that the time an answer takes does not tell which names exist.
    private readonly string _nobodysHash = hasher.HashPassword("", RandomNumberGenerator.GetHexString(32));

    public async Task<SignInAnswer> TryAsync(string? name, string? password, IPAddress? address, CancellationToken cancellationToken)
    {
        using var attempt = await limits.TakeAsync(address, cancellationToken);
        if (attempt.RetryAfter is { } pause) return new(null, pause);
        if (password is not { Length: > 0 and <= PasswordRule.MaxLength }) return SignInAnswer.Refused;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var account = AccountName.IsValid(name) ? await ChargeAsync(db, name.ToLowerInvariant(), cancellationToken) : null;
        var verdict = hasher.VerifyHashedPassword(name ?? "", account?.PasswordHash ?? _nobodysHash, password);
        if (account is null || verdict is PasswordVerificationResult.Failed)
        {
            if (account is { Failures: >= FreeFailures }) LogPaused(account.Name, account.LockedUntil);
            return SignInAnswer.Refused;
        }
        var hash = verdict is PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(account.Name, password) : account.PasswordHash;
        await db.Accounts.Where(row => row.Id == account.Id && row.Stamp == account.Stamp).ExecuteUpdateAsync(change => change
            .SetProperty(row => row.PasswordHash, hash)
            .SetProperty(row => row.Failures, 0)
            .SetProperty(row => row.LockedUntil, (DateTime?)null), cancellationToken);
        return new(account, null);
    }

    /// <summary>Counts the try as a failure before the password is looked at, so that tries made at the same moment cannot all slip under the limit.
    /// Null when there is no such account or it takes no tries now.</summary>
    private async Task<Account?> ChargeAsync(AccountsDbContext db, string key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var charged = await db.Accounts.FromSql($"""
            UPDATE accounts.account SET
              failures = failures + 1,
              locked_until = CASE WHEN failures + 1 >= {FreeFailures}
                THEN {now} + interval '30 seconds' * power(2, least(failures + 1 - {FreeFailures}, 5)) END
            WHERE name_key = {key} AND NOT disabled AND (locked_until IS NULL OR locked_until <= {now})
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return charged is [var account] ? account : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Name} takes no sign-in until {Until:u} after too many wrong passwords")]
    private partial void LogPaused(string name, DateTime? until);
}

/// <param name="Account">Who signed in; null when refused.</param>
/// <param name="RetryAfter">Set when this address has tried too often to be heard at all.</param>
internal sealed record SignInAnswer(Account? Account, TimeSpan? RetryAfter)
{
    public static readonly SignInAnswer Refused = new(null, null);
}
