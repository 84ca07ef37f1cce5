using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModelAtlas.Web.Accounts.Data;

namespace ModelAtlas.Web.Accounts.OpenId;

/// <summary>Turns somebody whom the provider has vouched for into an account. Found by the provider's own id for a person, never by a name: names are chosen by people.</summary>
internal sealed partial class OpenIdDesk(IDbContextFactory<AccountsDbContext> contexts, AccountWriter accounts, IOptions<OpenIdOptions> options, ILogger<OpenIdDesk> logger)
{
    public const int LongestId = 512;

    public async Task<OpenIdAnswer> EnterAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var (issuer, subject) = (person.FindFirstValue("iss"), person.FindFirstValue("sub"));
        if (string.IsNullOrEmpty(issuer) || string.IsNullOrEmpty(subject)) return new(null, OpenIdRefusal.Provider);
        var id = $"{issuer} {subject}";
        if (id.Length > LongestId) return new(null, OpenIdRefusal.Provider);
        if (options.Value.RoleOf(person.FindAll(options.Value.RoleClaim).Select(claim => claim.Value)) is not { } role)
        {
            LogRefused(subject, options.Value.PlayerRole);
            return new(null, OpenIdRefusal.Role);
        }
        if (await FindAsync(id, cancellationToken) is not { } account)
        {
            await accounts.CreateExternalAsync(id, person.FindFirstValue(options.Value.NameClaim), role, cancellationToken);
            account = await FindAsync(id, cancellationToken);
        }
        else if (account.Role != role)
        {
            // The last admin stays one: a site without any could not be mended.
            if (await accounts.SetRoleAsync(account.Id, role, cancellationToken) is { } complaint) LogKept(account.Name, complaint);
            account = await FindAsync(id, cancellationToken);
        }
        return account is null or { Disabled: true } ? new(null, OpenIdRefusal.Disabled) : new(account, null);
    }

    private async Task<Account?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.ExternalId == id, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider's {Subject} was not let in: its roles do not have {Role}")]
    private partial void LogRefused(string subject, string? role);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Name} keeps its role although the provider says otherwise: {Complaint}")]
    private partial void LogKept(string name, string complaint);
}

/// <param name="Account">Who signed in; null when refused.</param>
internal sealed record OpenIdAnswer(Account? Account, OpenIdRefusal? Refusal);

internal enum OpenIdRefusal
{
    /// <summary>The provider did not answer as it should, or the person turned back.</summary>
    Provider,
    Role,
    Disabled,
}
