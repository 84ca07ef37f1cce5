using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace ModelAtlas.Web.Accounts.Sessions;

/// <summary>Takes the name from a live circuit whose session has ended; a circuit sends no request that would show it.</summary>
internal sealed class CircuitSession(ILoggerFactory loggers, SessionBook sessions) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => SessionBook.Freshness;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (authenticationState.User.Identity is not { IsAuthenticated: true }) return true;
        return SessionCookie.Token(authenticationState.User) is { } token
            && await sessions.FindAsync(token, cancellationToken) is { } who
            && authenticationState.User.IsInRole(who.Role.Name());
    }
}
