namespace ModelAtlas.Web.Admin;

internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services.AddSingleton<AdminReader>();
}
