using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ModelAtlas.Web.Accounts.Sessions;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Accounts.OpenId;

/// <summary>Signing in through a provider of OpenID Connect: the code flow with PKCE. What it ends in is a session of our own, as a password's.</summary>
internal static class OpenIdServices
{
    public const string Entrance = "/sign-in/openid";
    private const string Scheme = "openid";

    public static IServiceCollection AddOpenId(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<OpenIdOptions>().BindConfiguration(OpenIdOptions.Section);
        services.AddSingleton<IValidateOptions<OpenIdOptions>, OpenIdOptionsValidator>().AddSingleton<OpenIdDesk>();
        if (!(configuration.GetSection(OpenIdOptions.Section).Get<OpenIdOptions>()?.IsOn ?? false)) return services;
        services.AddAuthentication().AddOpenIdConnect(Scheme, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IOptions<OpenIdOptions>>((options, ours) => Configure(options, ours.Value));
        return services;
    }

    public static void MapOpenId(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OpenIdOptions>>().Value.IsOn) app.MapGet(Entrance, EnterAsync).ExcludeFromDescription();
    }

    private static async Task EnterAsync(HttpContext context, string? returnUrl)
    {
        try
        {
            await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = LocalUrl.OrHome(returnUrl) });
        }
        catch (Exception away) when (away is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException) // its address or what is found there
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdServices)).LogWarning("The provider of OpenID Connect does not answer: {Reason}", away.Message);
            Refuse(context, OpenIdRefusal.Provider);
        }
    }

    private static void Configure(OpenIdConnectOptions options, OpenIdOptions ours)
    {
        options.Authority = ours.Authority;
        options.ClientId = ours.ClientId;
        options.ClientSecret = File.ReadAllText(ours.ClientSecretFile ?? "").Trim();
        options.RequireHttpsMetadata = new Uri(ours.Authority ?? "").Scheme == Uri.UriSchemeHttps;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query; // a form posted from another site would come without cookies over plain http
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.SaveTokens = false;
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.CallbackPath = "/signin-openid";
        foreach (var scope in ours.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) options.Scope.Add(scope);
        options.ClaimActions.MapJsonKey(ours.RoleClaim, ours.RoleClaim);
        options.ClaimActions.MapJsonKey(ours.NameClaim, ours.NameClaim);
        options.ClaimActions.Remove("iss"); // part of who somebody is
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie }) (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        options.Events = new() { OnTicketReceived = ReceiveAsync, OnRemoteFailure = FailAsync };
    }

    private static async Task ReceiveAsync(TicketReceivedContext context)
    {
        context.HandleResponse();
        var services = context.HttpContext.RequestServices;
        var answer = context.Principal is { } person
            ? await services.GetRequiredService<OpenIdDesk>().EnterAsync(person, context.HttpContext.RequestAborted) : new(null, OpenIdRefusal.Provider);
        if (answer.Account is not { } account)
        {
            Refuse(context.HttpContext, answer.Refusal ?? OpenIdRefusal.Provider);
            return;
        }
        var token = await services.GetRequiredService<SessionBook>().OpenAsync(account, SessionCookie.Token(context.HttpContext.User), context.HttpContext.RequestAborted);
        await SessionCookie.SignInAsync(context.HttpContext, account, token);
        context.Response.Redirect(LocalUrl.OrHome(context.ReturnUri));
    }

    private static Task FailAsync(RemoteFailureContext context)
    {
        context.HandleResponse();
        Refuse(context.HttpContext, OpenIdRefusal.Provider);
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext context, OpenIdRefusal refusal) => context.Response.Redirect($"{context.Request.PathBase}/sign-in?refused={refusal.ToString().ToLowerInvariant()}");
}
