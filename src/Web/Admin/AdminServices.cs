using ModelAtlas.Web.Admin.Rules;
using ModelAtlas.Web.Admin.Sources;

namespace ModelAtlas.Web.Admin;

internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) => services.AddSingleton<AdminReader>().AddSingleton<IngestDesk>().AddSingleton<RuleRehearsal>();
}
