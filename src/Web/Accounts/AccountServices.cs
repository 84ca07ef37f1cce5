using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Console;
using ModelAtlas.Web.Accounts.Data;
using ModelAtlas.Web.Accounts.Keys;
using ModelAtlas.Web.Accounts.OpenId;
using ModelAtlas.Web.Accounts.Sessions;
using ModelAtlas.Web.Perimeter;
using Npgsql;

namespace ModelAtlas.Web.Accounts;

internal static class AccountServices
{
    /// <summary>Accounts and their rules, for commands that run without a site. Needs an <see cref="NpgsqlDataSource"/> and a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddAccountStore(this IServiceCollection services)
    {
        services.AddDbContextFactory<AccountsDbContext>((provider, options) =>
            AccountsDbContext.Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddOptions<PasswordHasherOptions>().Configure(options => options.IterationCount = 210_000);
        return services
            .AddSingleton<IPasswordHasher<string>, PasswordHasher<string>>()
            .AddSingleton<SessionBook>()
            .AddSingleton<ApiKeys>()
            .AddSingleton<AccountReader>()
            .AddSingleton<AccountWriter>()
            .AddSingleton<SetupToken>();
    }

    /// <summary>The keys that seal cookies and the secrets of webhooks, for every process on this database. Needs <see cref="AddAccountStore"/>.</summary>
    public static IServiceCollection AddSharedKeys(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateDataAnnotations();

        // Unsealed keys are a choice here, not a mishap: they open no session, because the cookie only points to a row of the same database.
        services.AddLogging(logging => logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));

        // One name for every process on this database, whatever folder it runs from: they read each other's cookies.
        services.AddDataProtection().SetApplicationName("ModelAtlas").PersistKeysToDbContext<AccountsDbContext>().EncryptWithKeyFile();
        return services;
    }

    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAccountStore().AddPerimeter();
        services.AddSharedKeys();
        services.AddSingleton<AttemptLimits>().AddSingleton<SignInDesk>().AddSingleton<SessionCookie>();

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(ConfigureCookie);
        services.AddOpenId(configuration);
        services.AddAuthorizationBuilder()
            .AddPolicy(AccountRoles.Admin, policy => policy.RequireRole(AccountRoles.Admin))
            .AddPolicy(AccountRoles.Player, policy => policy.RequireRole(AccountRoles.Player, AccountRoles.Admin));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "atlas-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services.AddCascadingAuthenticationState().AddScoped<AuthenticationStateProvider, CircuitSession>();
    }

    /// <summary>Goes before whatever looks at who is asking: output cache, antiforgery, endpoints.</summary>
    public static WebApplication UseAccounts(this WebApplication app)
    {
        app.UsePerimeter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use((context, next) =>
        {
            // What was served to a name stays out of every cache, also the browser's after signing out.
            if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null)
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.CacheControl = "no-store";
                    return Task.CompletedTask;
                });
            return next(context);
        });
        return app;
    }

    public static WebApplication MapAccounts(this WebApplication app)
    {
        AccountEndpoints.Map(app);
        app.MapOpenId();
        return app;
    }

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "atlas";
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new HostPrefixCookies();
        options.ExpireTimeSpan = TimeSpan.FromDays(7);
        options.SlidingExpiration = true;
        options.EventsType = typeof(SessionCookie);
    }
}
