namespace ModelAtlas.Web.Accounts;

internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services, string connectionString) => services;

    public static WebApplication UseAccounts(this WebApplication app) => app;

    public static WebApplication MapAccounts(this WebApplication app) => app;
}
