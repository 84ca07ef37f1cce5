using ModelAtlas.Domain.Data;
using ModelAtlas.Ingest;
using ModelAtlas.Ingest.Downloads;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Admin;
using ModelAtlas.Web.Health;
using ModelAtlas.Web.Jobs;
using ModelAtlas.Web.Playground;
using ModelAtlas.Web.Playground.OpenAi;
using ModelAtlas.Web.Review;
using ModelAtlas.Web.Shell;
using ModelAtlas.Web.Webhooks;

namespace ModelAtlas.Web.Hosting;

/// <summary>Puts the product together for the roles this process plays. Reads like a table of contents: each part registers itself.</summary>
internal static class AtlasHost
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(12);

    public static WebApplication Build(string connectionString, IReadOnlyCollection<AtlasRole> roles, string[] args)
    {
        // Settings and assets lie beside the program under its own name, wherever it is started from and whatever hosts it.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(AtlasHost).Assembly.GetName().Name,
        });
        builder.Logging.AddLogLines(builder.Configuration);
        builder.WebHost.UseStaticWebAssets();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        builder.Services.AddHostingOptions();
        builder.Services.AddDomain(connectionString);
        builder.Services.AddHealth(connectionString);
        builder.Services.AddIngest();
        builder.Services.AddDownloads(Path.Combine(AtlasConfiguration.Read(builder.Configuration).DataFolder, "models"));
        builder.Services.AddConversions();
        builder.Services.AddReviewStore();
        builder.Services.AddWebhooks();
        builder.Services.AddJobs(connectionString, runServer: roles.Contains(AtlasRole.Jobs));
        if (roles.Contains(AtlasRole.Site) || roles.Contains(AtlasRole.Inference))
        {
            builder.Services.AddAccounts(builder.Configuration);
            builder.Services.AddServing();
        }
        else
        {
            builder.Services.AddAccountStore().AddSharedKeys();
        }
        if (roles.Contains(AtlasRole.Site))
        {
            builder.Services.AddAdmin();
            builder.Services.AddReview();
            builder.Services.AddSite();
            builder.Services.AddPlayground();
        }

        var app = builder.Build();
        app.MapHealth();
        if (roles.Contains(AtlasRole.Site))
        {
            app.UseSite();
            app.UseDatabaseGate();
            app.UseAccounts();
            app.MapSite();
            app.MapAccounts();
            app.MapJobs();
            app.MapPlayground();
        }
        else if (roles.Contains(AtlasRole.Inference))
        {
            app.UseAccounts();
            app.MapOpenAi();
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
