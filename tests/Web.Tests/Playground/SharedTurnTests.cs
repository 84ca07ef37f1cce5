using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Tests.Playground;

/// <summary>A comparison in the queue: one wish of one person, however many texts it is.</summary>
public sealed class SharedTurnTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task PLAY_01_Both_sides_of_a_comparison_run_at_once_and_count_as_one()
    {
        var queue = Queue(new());
        var pair = new SharedTurn(queue, "a", 2);
        await EnterAsync(pair);
        await EnterAsync(pair); // at once, although each person has one turn
        Task<IDisposable>[] waiting = [queue.EnterAsync("a", null, TestContext.Current.CancellationToken), queue.EnterAsync("a", null, TestContext.Current.CancellationToken)];
        await Assert.ThrowsAsync<BusyException>(() => queue.EnterAsync("a", null, TestContext.Current.CancellationToken));
        pair.End();
        Assert.False(waiting[0].IsCompleted); // one side is over, the turn is not
        pair.End();
        (await waiting[0]).Dispose();
        (await waiting[1]).Dispose();
    }

    [Fact]
    public async Task PLAY_02_A_comparison_holds_another_person_up_for_one_turn()
    {
        var queue = Queue(new() { AtOnce = 1 });
        var first = new SharedTurn(queue, "a", 2);
        await EnterAsync(first);
        await EnterAsync(first);
        var second = new SharedTurn(queue, "a", 2);
        var (left, right) = (EnterAsync(second), EnterAsync(second));
        var other = queue.EnterAsync("b", null, TestContext.Current.CancellationToken);
        var third = new SharedTurn(queue, "a", 2);
        var last = EnterAsync(third);
        first.End();
        first.End();
        await Task.WhenAll(left, right);
        Assert.False(other.IsCompleted);
        second.End();
        second.End();
        (await other).Dispose(); // before a's third
        await last;
    }

    [Fact]
    public async Task Both_sides_are_told_the_same_place_and_one_that_leaves_does_not_take_it_along()
    {
        var queue = Queue(new() { AtOnce = 1 });
        var running = await queue.EnterAsync("first", null, TestContext.Current.CancellationToken);
        var pair = new SharedTurn(queue, "a", 2);
        using var stop = new CancellationTokenSource();
        List<int> left = [], right = [];
        var gone = pair.EnterAsync(place => left.Add(place.Before), stop.Token);
        var stays = pair.EnterAsync(place => right.Add(place.Before), TestContext.Current.CancellationToken);
        Assert.Equal([0], left);
        Assert.Equal([0], right);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        pair.End();
        running.Dispose();
        await stays;
        pair.End();
        (await queue.EnterAsync("b", null, TestContext.Current.CancellationToken)).Dispose(); // the turn is free again
    }

    [Fact]
    public async Task When_both_leave_the_queue_their_place_is_the_next_one_s()
    {
        var queue = Queue(new() { AtOnce = 1 });
        var running = await queue.EnterAsync("first", null, TestContext.Current.CancellationToken);
        var pair = new SharedTurn(queue, "a", 2);
        using var stop = new CancellationTokenSource();
        Task[] gone = [pair.EnterAsync(_ => { }, stop.Token), pair.EnterAsync(_ => { }, stop.Token)];
        List<int> places = [];
        var next = queue.EnterAsync("b", place => places.Add(place.Before), TestContext.Current.CancellationToken);
        Assert.Equal(1, places[^1]);
        await stop.CancelAsync();
        foreach (var one in gone)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
            pair.End();
        }
        Assert.Equal(0, places[^1]);
        running.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Who_lacks_memory_waits_for_the_other_side_and_two_never_wait_for_each_other()
    {
        var pair = new SharedTurn(Queue(new()), "a", 2);
        await EnterAsync(pair);
        await EnterAsync(pair);
        var waits = pair.OthersEnd(TestContext.Current.CancellationToken);
        Assert.NotNull(waits);
        Assert.Null(pair.OthersEnd(TestContext.Current.CancellationToken)); // the other one, which then fails
        Assert.False(waits.IsCompleted);
        pair.End();
        await waits;
        Assert.Null(pair.OthersEnd(TestContext.Current.CancellationToken)); // alone now
        pair.End();
        Assert.Null(new SharedTurn(Queue(new()), "b", 1).OthersEnd(TestContext.Current.CancellationToken));
    }

    private TextQueue Queue(PlaygroundOptions limits) => new(Options.Create(limits), _clock);

    private static Task EnterAsync(SharedTurn turn) => turn.EnterAsync(_ => { }, TestContext.Current.CancellationToken);
}
