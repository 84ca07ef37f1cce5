using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;
using ModelAtlas.Inference.Scheduling;

namespace ModelAtlas.Web.Playground.Runs;

/// <summary>Texts that visitors show to others. What is published is what the server saw, not what a page says.</summary>
internal sealed class PublishedRuns(IDbContextFactory<AtlasDbContext> contexts, HostedModels hosts, TimeProvider clock)
{
    private const int MostOfOneOwner = 200;

    /// <returns>The new address's last part; null when the run is not over, or its owner has published too many.</returns>
    public async Task<string?> PublishAsync(PlaygroundRun run, CancellationToken cancellationToken)
    {
        if (!run.IsOver || run.Order is not { } order) return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.PublishedRuns.CountAsync(known => known.Owner == run.Owner, cancellationToken) >= MostOfOneOwner) return null;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        db.PublishedRuns.Add(new()
        {
            Id = id,
            Owner = run.Owner,
            Model = order.Model.Id,
            Revision = order.Model.Revision,
            Device = order.Model.Remote?.Host.Name ?? hosts.All.FirstOrDefault(host => host.Key == order.Model.Folder).Value?.Loaded?.Device,
            Prompt = PromptOf(order),
            IsChat = order.Chat is not null,
            Document = Document(run, order),
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        });
        await db.SaveChangesAsync(cancellationToken);
        return id;
    }

    public async Task<PublishedRun?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.PublishedRuns.AsNoTracking().FirstOrDefaultAsync(run => run.Id == id, cancellationToken);
    }

    public async Task<bool> DeleteAsync(string id, string owner, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.PublishedRuns.Where(run => run.Id == id && run.Owner == owner).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    private static string PromptOf(TextOrder order) => order.Prompt
        ?? (order.Chat is { } chat ? string.Join("\n\n", chat.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString())) : "");

    private static string Document(PlaygroundRun run, TextOrder order)
    {
        var texts = new string[order.Texts];
        var figures = new JsonNode?[order.Texts];
        foreach (var step in run.Events.Select(json => JsonNode.Parse(json)))
        {
            if ((string?)step?["is"] == "piece") texts[(int?)step["index"] ?? 0] += (string?)step["text"];
            else if ((string?)step?["is"] == "done") figures[(int?)step["index"] ?? 0] = step.DeepClone();
        }
        var sampling = order.Sampling;
        return new JsonObject
        {
            ["settings"] = new JsonObject
            {
                ["greedy"] = sampling.Greedy,
                ["temperature"] = sampling.Temperature,
                ["top_k"] = sampling.TopK,
                ["top_p"] = sampling.TopP,
                ["min_p"] = sampling.MinP,
                ["repetition_penalty"] = sampling.RepetitionPenalty,
                ["max_new_tokens"] = order.MaxNewTokens,
                ["num_return_sequences"] = order.Texts,
            },
            ["texts"] = new JsonArray([.. texts.Select(text => (JsonNode)(text ?? ""))]),
            ["figures"] = new JsonArray(figures),
        }.ToJsonString(JsonSerializerOptions.Web);
    }
}
