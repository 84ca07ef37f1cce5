using System.Diagnostics;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Testing.Hub;

namespace ModelAtlas.Ingest.Tests.HuggingFace;

/// <summary>It measures the memory of the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(HubSizeTests), DisableParallelization = true)]
public sealed class AloneTests;

[Collection(nameof(HubSizeTests))]
public sealed class HubSizeTests
{
    [Fact]
    public async Task ING_09_A_bomb_is_stopped_at_the_cap_on_decoded_bytes_and_memory_stays_low()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fail(FakeFaults.Bomb(2L << 30), times: int.MaxValue);
        await using var services = HubSetup.For(hub);
        GC.Collect();
        var before = WorkingSet();
        Assert.Equal(HubOutcome.TooLarge, (await services.ListAsync()).Outcome);
        var growth = WorkingSet() - before;
        Assert.True(growth < 100L << 20, $"{growth >> 20} MiB more");
        Assert.Single(hub.Log);
    }

    [Fact]
    public async Task ING_09_A_huge_answer_without_a_length_stops_at_the_cap()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fill(1);
        hub.Models.Card(hub.Models.All[0].Id, "# A card");
        hub.Fail(FakeFaults.Plain(48L << 20), times: int.MaxValue);
        await using var services = HubSetup.For(hub);
        Assert.Equal(HubOutcome.TooLarge, (await services.CardAsync(hub.Models.All[0].Id)).Outcome);
        Assert.Equal(HubOutcome.TooLarge, (await services.GetAsync(hub.Models.All[0].Id)).Outcome);
    }

    [Fact]
    public async Task ING_09_A_header_of_200_kB_is_a_failed_fetch()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fail(FakeFaults.Status(200, ("X-Large", new string('x', 200_000))), times: int.MaxValue);
        await using var services = HubSetup.For(hub, change: options => options.Retries = 1);
        Assert.Equal(HubOutcome.Unavailable, (await services.ListAsync()).Outcome);
    }

    [Fact]
    public async Task A_body_packed_in_a_way_nobody_asked_for_is_not_unpacked()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Fail(FakeFaults.Status(200, ("Content-Encoding", "br")), times: int.MaxValue);
        await using var services = HubSetup.For(hub);
        Assert.Equal(HubOutcome.Unusable, (await services.ListAsync()).Outcome);
    }

    private static long WorkingSet()
    {
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
