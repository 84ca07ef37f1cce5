using System.CommandLine;
using ModelAtlas.Web.Health;

namespace ModelAtlas.Web.Commands;

/// <summary>Asks a running ModelAtlas whether it is ready: for containers and scripts, which need not have an HTTP client.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port of the ModelAtlas on this machine to ask.", DefaultValueFactory = _ => 5080 };
        var command = new Command("health", "Say whether the ModelAtlas on this machine is ready (exit code 0) or not (1).") { port };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var address = $"http://127.0.0.1:{parsed.GetValue(port)}";
            await using var services = new ServiceCollection().AddSelfClient().BuildServiceProvider();
            using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient(HealthServices.SelfClient);
            try
            {
                using var answer = await client.GetAsync(new Uri($"{address}/health/ready"), cancellationToken);
                Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
                return answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new CommandException($"Nothing answers on {address}: start ModelAtlas with ./atlas up, or name its port with --port.");
            }
        });
        return command;
    }
}
