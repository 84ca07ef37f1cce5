namespace ModelAtlas.Web.Shell;

internal static class SiteServices
{
    public static IServiceCollection AddSite(this IServiceCollection services) => services;

    public static WebApplication MapSite(this WebApplication app) => app;
}
