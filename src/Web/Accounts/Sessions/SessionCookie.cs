using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.StaticAssets;
using ModelAtlas.Web.Health;

namespace ModelAtlas.Web.Accounts.Sessions;

/// <summary>Between the browser's cookie and <see cref="SessionBook"/>: who the request is from is read anew, never taken from the cookie.</summary>
internal sealed class SessionCookie(SessionBook sessions) : CookieAuthenticationEvents
{
    private const string TokenClaim = "session";

    public static Task SignInAsync(HttpContext context, Account account, string token) => context.SignInAsync(
        Principal(new(account.Id, account.Name, account.Role), token), new AuthenticationProperties { IsPersistent = true });

    public static string? Token(ClaimsPrincipal user) => user.FindFirstValue(TokenClaim);

    public static int? AccountId(ClaimsPrincipal user) => int.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            context.RejectPrincipal(); // files are the same for everybody: no need to ask the database
            return;
        }
        var token = context.Principal is { } user ? Token(user) : null;
        try
        {
            var who = token is null ? null : await sessions.FindAsync(token, context.HttpContext.RequestAborted);
            if (who is not null && token is not null)
            {
                context.ReplacePrincipal(Principal(who, token));
                return;
            }
        }
        catch (Exception away) when (DatabaseGate.IsAway(away) && !NeedsSignIn(context.HttpContext))
        {
            // While the database is away, whatever needs nobody's name is served to nobody in particular; the cookie stays for later.
            context.RejectPrincipal();
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && !IsForMachines(request.Path))
            context.Response.Redirect($"{request.PathBase}/sign-in?returnUrl={Uri.EscapeDataString(request.Path + request.QueryString)}");
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static bool IsForMachines(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase);

    private static bool NeedsSignIn(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null;

    private static ClaimsPrincipal Principal(SignedIn who, string token) => new(new ClaimsIdentity(
    [
        new(ClaimTypes.NameIdentifier, who.AccountId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new(ClaimTypes.Name, who.Name),
        new(ClaimTypes.Role, who.Role.Name()),
        new(TokenClaim, token),
    ], CookieAuthenticationDefaults.AuthenticationScheme));
}
