using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using ModelAtlas.Web.Health;

namespace ModelAtlas.Web.Commands;

/// <summary>The one line on stdout that people and scripts wait for. It asks the site itself, over HTTP, so that what it says was true for a visitor.</summary>
internal static partial class ReadyLine
{
    public static async Task<string> PrintAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First() ?? "";
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(HealthServices.SelfClient);
        var told = false;
        for (var waited = TimeSpan.Zero; !await IsReadyAsync(client, address, cancellationToken); waited += Pause)
        {
            await Task.Delay(Pause, cancellationToken);
            if (told || waited < Patience) continue;
            LogStillWaiting(app.Logger, address);
            told = true;
        }
        await Console.Out.WriteLineAsync($"ModelAtlas is ready on {address}");
        return address;
    }

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static async Task<bool> IsReadyAsync(HttpClient client, string address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(Reachable(address) + "/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>An address that means "all of them" is listened on, but cannot be asked.</summary>
    private static string Reachable(string address) =>
        address.Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal).Replace("//[::]:", "//[::1]:", StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready after a minute: {Address}/health/ready says why")]
    private static partial void LogStillWaiting(ILogger logger, string address);
}
