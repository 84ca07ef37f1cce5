using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Accounts.Keys;
using ModelAtlas.Web.Accounts.Sessions;
using ModelAtlas.Web.Perimeter;

namespace ModelAtlas.Web.Playground;

/// <summary>Who asks for a text, and whether they may.</summary>
internal sealed class Asker(IServer server, ApiKeys keys, IOptions<PlaygroundOptions> options, IOptions<PerimeterOptions> perimeter)
{
    private const int LongestName = 64;

    /// <summary>True while everybody who reaches the site may generate.</summary>
    public bool IsOpen => options.Value.OpenToAll ?? (IsOfThisMachine && !perimeter.Value.PublicHosts.Any());

    /// <summary>A site behind a proxy listens on this machine too, but has a public name.</summary>
    private bool IsOfThisMachine => server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses && addresses.All(PublicBind.IsLocal);

    /// <returns>Under what name the request takes its turn; null when it may not generate.</returns>
    /// <param name="user">A name that an anonymous caller gives the person it asks for.</param>
    public async Task<string?> OfAsync(HttpContext context, string? user = null)
    {
        if (Bearer(context.Request) is { } key && await keys.FindAsync(key, context.RequestAborted) is { } owner) return Name(owner.AccountId);
        if (context.User.Identity?.IsAuthenticated is true)
            return (context.User.IsInRole(AccountRoles.Player) || context.User.IsInRole(AccountRoles.Admin)) && SessionCookie.AccountId(context.User) is { } id ? Name(id) : null;
        return IsOpen ? $"address {context.Connection.RemoteIpAddress} {(user?.Length > LongestName ? user[..LongestName] : user)}" : null;
    }

    private static string Name(int accountId) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"account {accountId}");

    /// <summary>Clients of the protocol always send a key; one that is not ours is as good as none.</summary>
    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;

    /// <summary>False for a request that another site made in the visitor's browser.</summary>
    public static bool IsFromHere(HttpRequest request) =>
        request.Headers.Origin is not [{ Length: > 0 } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
