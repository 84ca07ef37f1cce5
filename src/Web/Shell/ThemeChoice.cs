using Microsoft.AspNetCore.Http.HttpResults;

namespace ModelAtlas.Web.Shell;

/// <summary>Light, dark, or what the system says. Kept in a cookie so that the server renders the choice: no flash, no script.</summary>
internal static class ThemeChoice
{
    public const string Light = "light";
    public const string Dark = "dark";
    public const string System = "system";
    private const string Cookie = "atlas-theme";

    public static string Of(HttpContext context) => context.Request.Cookies[Cookie] is (Light or Dark) and var chosen ? chosen : System;

    public static void MapTheme(this IEndpointRouteBuilder routes) => routes.MapPost("/theme", (Delegate)ChooseAsync).ExcludeFromDescription();

    private static async Task<Results<RedirectHttpResult, BadRequest<string>>> ChooseAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var chosen = form["to"].ToString();
        if (chosen is not (Light or Dark or System)) return TypedResults.BadRequest($"No such colours: to is {Light}, {Dark} or {System}.");
        var cookie = new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
        };
        if (chosen is System) context.Response.Cookies.Delete(Cookie, cookie);
        else context.Response.Cookies.Append(Cookie, chosen, cookie);
        return TypedResults.LocalRedirect(LocalUrl.OrHome(form["back"]), preserveMethod: false);
    }
}
