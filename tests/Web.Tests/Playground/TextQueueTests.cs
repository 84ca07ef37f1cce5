using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ModelAtlas.Web.Playground;

namespace ModelAtlas.Web.Tests.Playground;

public sealed class TextQueueTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task PLAY_02_Whose_turn_it_is_goes_round()
    {
        var queue = Queue(new() { AtOnce = 1, WaitingEach = 30, Waiting = 60 });
        var running = await EnterAsync(queue, "a");
        List<string> order = [];
        List<Task> all = [.. Enumerable.Range(0, 20).Select(at => NoteAsync("a" + at, "a")), NoteAsync("b0", "b"), NoteAsync("b1", "b")];
        running.Dispose();
        await Task.WhenAll(all);
        Assert.True(order.IndexOf("b0") <= 1, string.Join(' ', order));
        Assert.True(order.IndexOf("b1") <= 3, string.Join(' ', order));
        Assert.Equal(22, order.Count);

        async Task NoteAsync(string name, string person)
        {
            using var turn = await EnterAsync(queue, person);
            lock (order) order.Add(name);
        }
    }

    [Fact]
    public async Task PLAY_01_One_runs_two_wait_and_a_fourth_is_turned_away()
    {
        var queue = Queue(new());
        using var running = await EnterAsync(queue, "a");
        Task<IDisposable>[] waiting = [EnterAsync(queue, "a"), EnterAsync(queue, "a")];
        await Assert.ThrowsAsync<BusyException>(() => EnterAsync(queue, "a"));
        using var other = await EnterAsync(queue, "b");
        running.Dispose();
        (await waiting[0]).Dispose();
        (await waiting[1]).Dispose();
    }

    [Fact]
    public async Task So_many_wait_in_all()
    {
        var queue = Queue(new() { AtOnce = 1, Waiting = 3 });
        using var running = await EnterAsync(queue, "first");
        for (var at = 0; at < 4; at++) _ = EnterAsync(queue, $"person {at}");
        await Assert.ThrowsAsync<BusyException>(() => EnterAsync(queue, "one too many"));
    }

    [Fact]
    public async Task Who_waits_is_told_how_many_are_before()
    {
        var queue = Queue(new() { AtOnce = 1 });
        var running = await EnterAsync(queue, "a");
        List<int> places = [];
        _ = queue.EnterAsync("b", null, TestContext.Current.CancellationToken);
        var third = queue.EnterAsync("c", place => places.Add(place.Before), TestContext.Current.CancellationToken);
        Assert.Equal(1, places[^1]);
        running.Dispose();
        Assert.Equal(0, places[^1]);
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Who_waits_is_told_about_how_long()
    {
        var queue = Queue(new() { AtOnce = 1 });
        List<QueuePlace> places = [];
        var running = await EnterAsync(queue, "a");
        _ = queue.EnterAsync("b", places.Add, TestContext.Current.CancellationToken);
        Assert.Equal(new(0, null), places[^1]); // nothing was timed yet
        _ = queue.EnterAsync("c", places.Add, TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(4));
        running.Dispose(); // it took four seconds: b runs, c is next
        Assert.Equal(new(0, TimeSpan.FromSeconds(4)), places[^1]);
        _ = queue.EnterAsync("d", places.Add, TestContext.Current.CancellationToken);
        Assert.Equal(new(1, TimeSpan.FromSeconds(8)), places[^1]);
    }

    [Fact]
    public async Task Who_leaves_the_queue_gives_the_place_to_the_next()
    {
        var queue = Queue(new() { AtOnce = 1 });
        var running = await EnterAsync(queue, "a");
        using var patience = new CancellationTokenSource();
        var gone = queue.EnterAsync("b", null, patience.Token);
        var next = EnterAsync(queue, "c");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        running.Dispose();
        (await next).Dispose();
    }

    private TextQueue Queue(PlaygroundOptions limits) => new(Options.Create(limits), _clock);

    private static Task<IDisposable> EnterAsync(TextQueue queue, string person) => queue.EnterAsync(person, null, TestContext.Current.CancellationToken);
}
