using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.Shell;

namespace ModelAtlas.Web.Hosting;

/// <summary>Puts the product together for the roles this process plays. Reads like a table of contents: each part registers itself.</summary>
internal static class AtlasHost
{
    public static WebApplication Build(string connectionString, IReadOnlyCollection<AtlasRole> roles, string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDomain(connectionString);
        builder.Services.AddIngest();
        builder.Services.AddJobs(connectionString, runServer: roles.Contains(AtlasRole.Jobs));
        if (roles.Contains(AtlasRole.Site))
        {
            builder.Services.AddAccounts(connectionString);
            builder.Services.AddSite();
        }

        var app = builder.Build();
        if (roles.Contains(AtlasRole.Site))
        {
            app.UseSite();
            app.UseAccounts();
            app.MapSite();
            app.MapAccounts();
            app.MapJobs();
        }
        return app;
    }
}

/// <summary>What a process does; one process may play several roles.</summary>
internal enum AtlasRole
{
    Site,
    Jobs,
    Inference,
}
