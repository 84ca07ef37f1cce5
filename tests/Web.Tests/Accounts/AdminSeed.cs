using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Data;

namespace ModelAtlas.Web.Tests.Accounts;

/// <summary>Cursors in every state, and rows in quarantine whose words are hostile.</summary>
internal static class AdminSeed
{
    private static readonly DateTime At = new(2026, 11, 20, 8, 30, 0, DateTimeKind.Utc);

    public static async Task WriteAsync(string connectionString)
    {
        await using var db = new AtlasDbContext(new DbContextOptionsBuilder<AtlasDbContext>().UseAtlas(connectionString).Options);
        foreach (var state in Enum.GetValues<CrawlState>())
            db.Add(new CrawlCursor
            {
                Source = $"hub/models/{state}",
                State = state,
                StartedAt = At,
                HeartbeatAt = At.AddMinutes((int)state),
                Pages = 412,
                Read = 411_203,
                Stored = 9_114,
                Unchanged = 402_001,
                Quarantined = 88,
                Error = state is CrawlState.Failed ? "The Hub answered 503 six times: <script>alert(1)</script> \u202E try again later" : null,
            });
        for (var i = 0; i < 60; i++)
            db.Add(new QuarantinedRow
            {
                Source = "file:models-2024-06.jsonl.gz",
                Position = $"line {i + 1}",
                Reason = $"<img src=x onerror=alert({i})> id is not a string",
                Raw = [(byte)'{'],
                RawLength = 1_000 + i,
                ContentHash = i,
                FirstSeenAt = At,
                LastSeenAt = At.AddSeconds(i),
            });
        await db.SaveChangesAsync();
    }
}
