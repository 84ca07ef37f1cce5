using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Testing.Site;

/// <summary>The real site, in this process, on a port of its own, over a database of its own, by the login that a site goes by.</summary>
public sealed class RunningSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningSite(WebApplication app, string connectionString)
    {
        _app = app;
        ConnectionString = connectionString;
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }, disposeHandler: true) { BaseAddress = Address };
    }

    public Uri Address { get; }
    public string ConnectionString { get; }

    /// <summary>Follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<RunningSite> StartAsync(string connectionString, params string[] settings) => StartAsync(connectionString, "Site", settings);

    /// <param name="role">Of <c>Atlas__Roles</c>.</param>
    public static async Task<RunningSite> StartAsync(string connectionString, string role, string[] settings)
    {
        var login = connectionString;
        if (role != nameof(AtlasRole.Jobs) && await SiteLogin.GrantAsync(connectionString, CancellationToken.None)) login = SiteLogin.Of(connectionString);
        var app = AtlasHost.Build(login, [Enum.Parse<AtlasRole>(role)], ["--urls=http://127.0.0.1:0", "--applicationName=ModelAtlas.Web", .. settings]);
        await app.StartAsync();
        return new(app, connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
