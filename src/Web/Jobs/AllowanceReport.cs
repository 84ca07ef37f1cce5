using System.Text.Json;
using System.Text.Json.Serialization;
using Hangfire;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Web.Jobs;

/// <summary>
/// Only the process that asks the hub knows how many requests are left. It tells every few seconds, beside the jobs, so that a site in another process can show it.
/// </summary>
internal sealed partial class AllowanceReport(HubAllowances allowances, JobStorage storage, TimeProvider clock, ILogger<AllowanceReport> logger) : BackgroundService
{
    public const string Key = "model-atlas:hub-allowances";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<ToldAllowance> Read(JobStorage storage)
    {
        using var connection = storage.GetConnection();
        return [.. (connection.GetAllEntriesFromHash(Key) ?? []).Values.Select(text => JsonSerializer.Deserialize(text, AllowanceJson.Default.ToldAllowance)).OfType<ToldAllowance>().OrderBy(told => told.Allowance.Bucket, StringComparer.Ordinal)];
    }

    public void Tell()
    {
        var lines = allowances.Read();
        if (lines is []) return;
        using var connection = storage.GetConnection();
        connection.SetRangeInHash(Key, lines.Select(line => KeyValuePair.Create(line.Bucket, JsonSerializer.Serialize(new(line, clock.GetUtcNow().UtcDateTime), AllowanceJson.Default.ToldAllowance))));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Tell();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUntold(e.Message); // the database is away; the crawl says so itself
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "What the hub still allows cannot be told: {Reason}")]
    private partial void LogUntold(string reason);
}

/// <param name="At">When it was so.</param>
internal sealed record ToldAllowance(HubAllowance Allowance, DateTime At);

[JsonSerializable(typeof(ToldAllowance))]
internal sealed partial class AllowanceJson : JsonSerializerContext;
