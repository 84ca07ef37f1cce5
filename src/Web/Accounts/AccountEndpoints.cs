using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelAtlas.Web.Accounts.Sessions;

namespace ModelAtlas.Web.Accounts;

internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOutAsync).RequireFormToken();
        routes.MapPost("/account/sign-out-everywhere", SignOutEverywhereAsync).RequireAuthorization().RequireFormToken();
    }

    /// <summary>For posts without form fields, which minimal APIs take without looking at what the antiforgery middleware found.</summary>
    public static RouteHandlerBuilder RequireFormToken(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new RequireAntiforgeryTokenAttribute())
        .AddEndpointFilter(async (call, next) => call.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
            ? await next(call)
            : TypedResults.Problem("This form is out of date: go back, reload the page and try again.", statusCode: StatusCodes.Status400BadRequest));

    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, SessionBook sessions, CancellationToken cancellationToken)
    {
        if (SessionCookie.Token(context.User) is { } token) await sessions.CloseAsync(token, cancellationToken);
        await context.SignOutAsync();
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<RedirectHttpResult> SignOutEverywhereAsync(HttpContext context, AccountWriter accounts, CancellationToken cancellationToken)
    {
        if (SessionCookie.AccountId(context.User) is { } id) await accounts.SignOutEverywhereAsync(id, cancellationToken);
        await context.SignOutAsync();
        return TypedResults.LocalRedirect("/");
    }
}
