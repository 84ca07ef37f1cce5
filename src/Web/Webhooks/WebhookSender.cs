using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModelAtlas.Ingest.Links;
using ModelAtlas.Web.Review.Data;

namespace ModelAtlas.Web.Webhooks;

/// <summary>Posts one signed message and notes what came of it. Of the answer, only its status is looked at.</summary>
internal sealed class WebhookSender(IHttpClientFactory clients, IOptions<WebhookOptions> options, IDataProtectionProvider keys, IDbContextFactory<ReviewDbContext> contexts, TimeProvider clock)
{
    public const string ClientName = "webhooks";
    public const string Signature = "X-ModelAtlas-Signature";
    private const int Kept = 50;
    private readonly IDataProtector _seal = keys.CreateProtector("ModelAtlas.Webhooks.Secret");

    /// <returns>Null when the address may be told, else why not.</returns>
    public string? Refuse(string url) =>
        options.Value.Loopback && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http", Host: "127.0.0.1", UserInfo: "" } ? null : LinkRules.Refuse(url);

    public byte[] Seal(string secret) => _seal.Protect(Encoding.UTF8.GetBytes(secret));

    public async Task<WebhookDelivery> SendAsync(Webhook hook, WebhookMessage message, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var trouble = await PostAsync(hook, JsonSerializer.SerializeToUtf8Bytes(message, WebhookJson.Default.WebhookMessage), cancellationToken);
        var delivery = new WebhookDelivery
        {
            WebhookId = hook.Id,
            At = clock.GetUtcNow().UtcDateTime,
            IsTest = message.Event == "test",
            Items = message.Items.Length,
            IsDone = trouble is null,
            Words = trouble ?? "arrived",
            Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds,
        };
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Webhooks.AnyAsync(row => row.Id == hook.Id, cancellationToken)) return delivery; // it was removed meanwhile
        db.Deliveries.Add(delivery);
        await db.SaveChangesAsync(cancellationToken);
        var old = await db.Deliveries.Where(row => row.WebhookId == hook.Id).OrderByDescending(row => row.Id).Skip(Kept).Select(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        await db.Deliveries.Where(row => row.WebhookId == hook.Id && row.Id <= old).ExecuteDeleteAsync(cancellationToken);
        return delivery;
    }

    /// <returns>Null when it arrived, else what went wrong, without a word of the address or the answer.</returns>
    private async Task<string?> PostAsync(Webhook hook, byte[] body, CancellationToken cancellationToken)
    {
        if (Refuse(hook.Url) is { } refusal) return $"not sent: {refusal}";
        using var deadline = new CancellationTokenSource(options.Value.Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            request.Headers.Add(Signature, $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(_seal.Unprotect(hook.Secret), body))}");
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? null : $"its host answered {(int)answer.StatusCode}{((int)answer.StatusCode is >= 300 and < 400 ? ", and it is sent on to nowhere else" : "")}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"its host took longer than {options.Value.Deadline.TotalSeconds:0} seconds";
        }
        catch (CryptographicException)
        {
            return "its secret cannot be opened with the keys of this process: give every process the same Atlas__Accounts__KeyFile, or remove it and add it again";
        }
        catch (Exception refused) when (GuardedClients.IsRefusal(refused))
        {
            return "it does not lead to a public host";
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException)
        {
            return "its host did not answer";
        }
    }
}
