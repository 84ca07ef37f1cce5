using System.Globalization;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubRateLimitTests
{
    [Fact]
    public async Task ING_01_A_429_is_waited_out_for_as_long_as_its_header_says_and_the_page_is_kept()
    {
        var clock = new ScaledClock(20);
        await using var hub = await FakeHub.StartAsync(clock: clock);
        hub.Fill(30);
        hub.Fail(FakeFaults.Status(429, ("RateLimit", "\"api\";r=0;t=7"), ("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300")));
        await using var services = HubSetup.For(hub, clock);
        var list = services.ListAsync();
        while (hub.Log.Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        var detail = services.GetAsync(hub.Models.All[0].Id);
        Assert.Equal(30, (await list).Value!.Models.Count);
        Assert.Equal(HubOutcome.Found, (await detail).Outcome);
        var until = hub.Log[0].At + TimeSpan.FromSeconds(7);
        Assert.True(hub.Log.Skip(1).Count(request => request.At < until) <= 1, "more than one request while the hub had asked for none");
        Assert.True(hub.Log[^1].At >= until);
    }

    [Theory]
    [InlineData("30", 30, 31)]
    [InlineData("date+45", 40, 60)]
    [InlineData("99999999", 600, 605)]
    [InlineData("99999999999999999999", 0.8, 1.5)]
    [InlineData("date-300", 0.8, 1.5)]
    [InlineData("-5", 0.8, 1.5)]
    [InlineData("soon", 0.8, 1.5)]
    [InlineData("0", 0.8, 1.5)]
    public async Task ING_02_Retry_After_is_understood_or_replaced_by_a_wait_of_our_own_and_capped(string header, double atLeast, double atMost)
    {
        var clock = new ScaledClock(200);
        await using var hub = await FakeHub.StartAsync(clock: clock);
        hub.Fill(1);
        var value = header.StartsWith("date", StringComparison.Ordinal)
            ? (clock.GetUtcNow() + TimeSpan.FromSeconds(int.Parse(header[4..], CultureInfo.InvariantCulture))).ToString("R", CultureInfo.InvariantCulture)
            : header;
        hub.Fail(FakeFaults.Status(429, ("Retry-After", value)));
        await using var services = HubSetup.For(hub, clock, options => options.RetryDelay = TimeSpan.FromSeconds(1));
        Assert.Equal(HubOutcome.Found, (await services.ListAsync()).Outcome);
        var waited = (hub.Log[1].At - hub.Log[0].At).TotalSeconds;
        // At this speed a busy machine adds seconds on the fake clock, so only the lower bound is sharp.
        Assert.True(waited >= atLeast && waited < atMost + 120, $"waited {waited} s");
    }

    [Fact]
    public async Task ING_03_Requests_slow_down_before_the_quota_is_used_up()
    {
        var clock = new ScaledClock(100);
        await using var hub = await FakeHub.StartAsync(clock: clock);
        hub.Fill(1);
        hub.Limits = new(quota: 40, TimeSpan.FromSeconds(60), clock);
        await using var services = HubSetup.For(hub, clock);
        for (var i = 0; i < 100; i++) Assert.Equal(HubOutcome.Found, (await services.ListAsync()).Outcome);
        Assert.Equal(0, hub.Limits.Refused);
        Assert.Equal(100, hub.Log.Count);
        var busiest = hub.Log.Max(request => hub.Log.Count(other => other.At >= request.At && other.At < request.At + TimeSpan.FromSeconds(1)));
        Assert.True(hub.Log[^1].At - hub.Log[0].At > TimeSpan.FromSeconds(60), $"100 requests at 40 a minute, at most {busiest} in a second");
    }

    [Fact]
    public async Task A_caller_that_cannot_wait_is_told_when_to_come_back()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(1);
        hub.Fail(FakeFaults.Status(429, ("RateLimit", "\"api\";r=0;t=120")), times: int.MaxValue);
        await using var services = HubSetup.For(hub);
        for (var i = 0; i < 2; i++)
        {
            var reply = await services.ListAsync(patience: TimeSpan.FromSeconds(5));
            Assert.Equal(HubOutcome.Busy, reply.Outcome);
            Assert.InRange((reply.RetryAt!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds, 100, 122);
        }
        Assert.Single(hub.Log);
    }

    [Fact]
    public async Task A_rate_limit_message_under_status_200_counts_as_one()
    {
        var clock = new ScaledClock(200);
        await using var hub = await FakeHub.StartAsync(clock: clock);
        hub.Fill(2);
        hub.Fail(FakeFaults.Body("""{"error":"We had to rate limit your IP (203.0.113.7)."}"""));
        await using var services = HubSetup.For(hub, clock);
        Assert.Equal(2, (await services.ListAsync()).Value!.Models.Count);
    }

    [Fact]
    public async Task The_exhausted_one_of_several_buckets_decides()
    {
        var clock = new ScaledClock(200);
        await using var hub = await FakeHub.StartAsync(clock: clock);
        hub.Fill(1);
        hub.Fail(FakeFaults.Status(429, ("RateLimit", "\"resolvers\";r=2999;t=299, \"api\";r=0;t=20, \"pages\";r=5;t=1")));
        await using var services = HubSetup.For(hub, clock);
        Assert.Equal(HubOutcome.Found, (await services.ListAsync()).Outcome);
        Assert.InRange((hub.Log[1].At - hub.Log[0].At).TotalSeconds, 20, 200);
    }
}
