using System.Diagnostics;
using System.Text;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

public sealed class HubFailureTests
{
    public static TheoryData<string> Passing => ["408", "500", "502", "503", "504", "reset"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task ING_04_A_passing_failure_is_tried_again_after_growing_jittered_waits(string failure)
    {
        var clock = new ScaledClock(200);
        await using var hub = await FakeHub.StartAsync(clock: clock);
        hub.Fill(5);
        hub.Fail(failure == "reset" ? FakeFaults.Reset : FakeFaults.Status(int.Parse(failure, null)), times: 3);
        await using var services = HubSetup.For(hub, clock, options => options.RetryDelay = TimeSpan.FromSeconds(20));
        Assert.Equal(5, (await services.ListAsync()).Value!.Models.Count);
        var waits = hub.Log.Zip(hub.Log.Skip(1), (a, b) => (b.At - a.At).TotalSeconds).ToList();
        Assert.Equal(3, waits.Count);
        Assert.True(waits[0] >= 16 && waits[1] >= 32 && waits[2] >= 64, string.Join(", ", waits));
        Assert.All(waits, wait => Assert.NotEqual(0, wait % 1));
    }

    [Fact]
    public async Task ING_05_A_failure_that_does_not_pass_ends_after_a_bounded_number_of_tries()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fail(FakeFaults.Status(504), times: int.MaxValue);
        await using var services = HubSetup.For(hub);
        var reply = await services.ListAsync();
        Assert.Equal(HubOutcome.Unavailable, reply.Outcome);
        Assert.Contains("504", reply.Detail, StringComparison.Ordinal);
        Assert.Equal(7, hub.Log.Count);
    }

    public static TheoryData<string> Cuts => ["length", "chunk", "gzip", "reset"];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task ING_07_A_cut_body_is_a_failed_fetch_and_is_tried_again(string cut)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(50);
        hub.Fail(cut switch { "length" => FakeFaults.CutLength, "chunk" => FakeFaults.CutChunks, "gzip" => FakeFaults.CutGzip, _ => FakeFaults.Reset }, times: 2);
        await using var services = HubSetup.For(hub);
        Assert.Equal(50, (await services.ListAsync()).Value!.Models.Count);
        Assert.Equal(3, hub.Log.Count);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task ING_07_A_card_that_is_always_cut_is_never_returned(string cut)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(1);
        var id = hub.Models.All[0].Id;
        hub.Models.Card(id, new string('x', 20_000) + "the end");
        hub.Fail(cut switch { "length" => FakeFaults.CutLength, "chunk" => FakeFaults.CutChunks, "gzip" => FakeFaults.CutGzip, _ => FakeFaults.Reset }, times: int.MaxValue);
        await using var services = HubSetup.For(hub);
        Assert.Equal(HubOutcome.Unavailable, (await services.CardAsync(id)).Outcome);
    }

    [Fact]
    public async Task ING_07_A_body_that_only_the_closing_of_the_connection_ends_counts_as_cut()
    {
        await using var closing = new RawServer(async (stream, cancellationToken) =>
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nhalf a car"u8.ToArray(), cancellationToken));
        await using var services = HubSetup.For(closing.Endpoint);
        var reply = await services.CardAsync("a/b");
        Assert.Equal(HubOutcome.Unusable, reply.Outcome);
        Assert.Equal(7, closing.Requests);
    }

    public static TheoryData<string> Stalls => ["drip", "silence", "header drip"];

    [Theory]
    [MemberData(nameof(Stalls))]
    public async Task ING_08_A_stalling_answer_is_over_within_the_deadline(string stall)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(200);
        hub.Fail(stall == "drip" ? FakeFaults.Drip(TimeSpan.FromMilliseconds(50)) : FakeFaults.Silence, times: int.MaxValue);
        await using var dripping = new RawServer(async (stream, cancellationToken) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancellationToken);
            for (var i = 0; i < 1000; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}: y\r\n"), cancellationToken);
                await Task.Delay(50, cancellationToken);
            }
        });
        await using var services = HubSetup.For(stall == "header drip" ? dripping.Endpoint : hub.Endpoint, change: options =>
        {
            options.Deadline = TimeSpan.FromSeconds(1.5);
            options.Retries = 1;
        });
        var started = Stopwatch.GetTimestamp();
        var reply = await services.ListAsync();
        Assert.Equal(HubOutcome.Unavailable, reply.Outcome);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.2, 8);
    }

    public static TheoryData<string, string> Nonsense => new()
    {
        { "a web page", "<html><body>We are back soon</body></html>" },
        { "an empty object", "{}" },
        { "null", "null" },
        { "an error object", """{"error":"Internal error"}""" },
        { "nothing", "" },
        { "not a number", "NaN" },
        { "a comment", "// nothing to see\n[]" },
        { "a comment in front", "/* x */ []" },
        { "an open list", """[{"id":"a/b"}""" },
        { "a list and more", "[][]" },
        { "a string", "\"[]\"" },
        { "a BOM and a word", "\ufefftrue" },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task ING_10_Nonsense_under_status_200_is_a_failed_fetch(string name, string body)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fail(FakeFaults.Body(body, name == "a web page" ? "text/html" : "application/json"), times: int.MaxValue);
        await using var services = HubSetup.For(hub, change: options => options.Retries = 2);
        var reply = await services.ListAsync();
        Assert.Equal(HubOutcome.Unusable, reply.Outcome);
        Assert.Null(reply.Value);
        Assert.Equal(3, hub.Log.Count);
    }

    [Fact]
    public async Task Nothing_leaves_an_offline_process()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var services = HubSetup.For(hub, change: options => options.Offline = true);
        Assert.Equal(HubOutcome.Offline, (await services.ListAsync()).Outcome);
        Assert.Empty(hub.Log);
    }
}
