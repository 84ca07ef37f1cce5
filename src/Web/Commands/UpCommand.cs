using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Hangfire;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Web.Accounts;
using ModelAtlas.Web.Health;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Perimeter;

namespace ModelAtlas.Web.Commands;

/// <summary>Everything from nothing: database, schema, catalogue, site and jobs, until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 takes any free one.", DefaultValueFactory = _ => 5080 };
        var host = new Option<string>("--host") { Description = "Address to listen on. Beyond this machine only once an admin exists.", DefaultValueFactory = _ => "127.0.0.1" };
        var data = new Option<string?>("--data") { Description = "Data folder (default: .atlas beside the solution).", HelpName = "DIR" };
        var offline = new Option<bool>("--offline") { Description = "Fetch nothing from the Hub, models.dev or model cards." };
        port.Validators.Add(given =>
        {
            if (given.Tokens is [var token, ..] && !ushort.TryParse(token.Value, out _)) given.AddError($"--port {token.Value} is no port: give a number from 0 to 65535");
        });
        host.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } name && name != "localhost" && !IPAddress.TryParse(name, out _)) given.AddError($"--host {name} is no address: give one of this machine, such as 127.0.0.1 or 0.0.0.0");
        });
        var command = new Command("up", "Start ModelAtlas from nothing and keep it running until Ctrl+C.") { port, host, data, offline };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(new(parsed.GetValue(host) ?? "127.0.0.1", parsed.GetValue(port)), parsed.GetValue(data), parsed.GetValue(offline), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Address address, string? data, bool offline, CancellationToken cancellationToken)
    {
        try
        {
            var configuration = AtlasConfiguration.Load(data);
            var options = AtlasConfiguration.Read(configuration);
            EnsureFree(address);
            using var loggers = AtlasLogging.CreateFactory(configuration);
            await using var database = await AtlasDatabase.OpenAsync(configuration, loggers, cancellationToken);
            string[] arguments = [$"--urls={address.Url}", $"--Atlas:Data={options.DataFolder}", .. offline ? (string[])["--Atlas:Offline=true"] : []];
            await using var app = AtlasHost.Build(await database.LoginOfAsync(options.RoleSet, loggers, cancellationToken), options.RoleSet, arguments);
            await app.Services.GetRequiredService<SharedClock>().AskAsync(database.ConnectionString, cancellationToken);
            var setup = options.RoleSet.Contains(AtlasRole.Site) ? await EnsureGuardedAsync(app, options, cancellationToken) : null;
            await app.StartAsync(cancellationToken);
            if (options.RoleSet.Contains(AtlasRole.Jobs)) // the job knows by itself whether there is anything left to load
                app.Services.GetRequiredService<IBackgroundJobClient>().Enqueue<LoadBundledCatalogueJob>(job => job.RunAsync(CancellationToken.None));
            try
            {
                var url = await ReadyLine.PrintAsync(app, cancellationToken);
                if (setup is not null) await Console.Error.WriteLineAsync($"No admin yet: {url}/setup makes the first one with the one-time token {setup}");
                await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, app.Lifetime.ApplicationStopping).Token);
            }
            finally
            {
                await app.StopAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // told to stop, at whatever point: that is how this verb ends
        }
        catch (OptionsValidationException wrong)
        {
            throw new CommandException(string.Join(" ", wrong.Failures));
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw InUse(address);
        }
        return 0;
    }

    /// <summary>Refuses to be seen from other machines while anyone could become the admin. A site without one gets a set-up token to show.</summary>
    private static async Task<string?> EnsureGuardedAsync(WebApplication app, AtlasOptions options, CancellationToken cancellationToken)
    {
        var hasAdmin = await app.Services.GetRequiredService<AccountReader>().HasAdminAsync(cancellationToken);
        if (!options.OpenWithoutAdmin && PublicBind.Refusal(PublicBind.ConfiguredUrls(app.Configuration), hasAdmin) is { } refusal) throw new CommandException(refusal);
        return hasAdmin ? null : await app.Services.GetRequiredService<SetupToken>().EnsureAsync(cancellationToken);
    }

    /// <summary>Says so before the database is started for nothing.</summary>
    private static void EnsureFree(Address address)
    {
        if (address.Port == 0) return;
        try
        {
            using var probe = new TcpListener(address.Ip, address.Port);
            probe.Start();
        }
        catch (SocketException refused)
        {
            throw refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => InUse(address),
                SocketError.AccessDenied => new CommandException($"Port {address.Port} may be opened by root only: choose one above 1023 with --port."),
                _ => new CommandException($"{address.Host} cannot be listened on ({refused.Message}): give an address of this machine with --host."),
            };
        }
    }

    private static CommandException InUse(Address address) =>
        new($"Port {address.Port} on {address.Host} is in use: stop what listens there (another ModelAtlas?), or choose another port with --port N.");

    private sealed record Address(string Host, int Port)
    {
        public IPAddress Ip => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);
        public string Url => $"http://{(Ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Ip}]" : Host)}:{Port}";
    }
}
