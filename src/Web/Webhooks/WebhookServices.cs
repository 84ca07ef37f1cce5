using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.Links;

namespace ModelAtlas.Web.Webhooks;

/// <summary>Settings <c>Atlas:Webhooks</c>.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Atlas:Webhooks";

    /// <summary>Whether http://127.0.0.1 may be told as well: for receivers on this machine, and for tests.</summary>
    public bool Loopback { get; set; }

    /// <summary>For one message, from the name to the answer's head.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);
}

internal static class WebhookServices
{
    /// <summary>Sent where jobs run; added and tried where pages are shown.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section);
        services.AddGuardedClient(WebhookSender.ClientName, Introduce, provider => provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Loopback);
        return services.AddSingleton<WebhookSender>().AddSingleton<WebhookDesk>().AddTransient<DeliverWebhooksJob>();
    }

    private static void Introduce(HttpClient client)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // the sender has a deadline of its own
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ModelAtlas", typeof(WebhookServices).Assembly.GetName().Version?.ToString(3)));
    }
}
