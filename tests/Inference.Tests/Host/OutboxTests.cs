using ModelAtlas.Inference.Generation;
using ModelAtlas.Inference.Host;

namespace ModelAtlas.Inference.Tests.Host;

public sealed class OutboxTests : IDisposable
{
    private readonly MemoryStream _pipe = new();
    private readonly Hand _clock = new();

    public void Dispose() => _pipe.Dispose();

    [Fact]
    public async Task The_first_words_go_at_once_and_what_follows_them_goes_together()
    {
        using var frames = new FrameStream(_pipe, _pipe);
        var outbox = new Outbox(frames, _clock);
        _clock.Milliseconds = 1_000;
        await AddAsync(outbox, 1, 5, "a");
        await AddAsync(outbox, 1, 6, "b"); // a moment nobody sees
        await AddAsync(outbox, 2, 7, ""); // nothing to show yet
        await AddAsync(outbox, 2, 8, "c"); // first words of the other: all goes
        _clock.Milliseconds += 5;
        await AddAsync(outbox, 1, 9, "d");
        await AddAsync(outbox, 2, 10, "e");
        _clock.Milliseconds += 20;
        await AddAsync(outbox, 1, 11, "f");
        Assert.Equal(["1: 5 a", "1: 6 b", "2: 7,8 c", "1: 9,11 df", "2: 10 e"], await HeardAsync(frames));
    }

    [Fact]
    public async Task The_end_of_a_text_takes_what_is_left_with_it()
    {
        using var frames = new FrameStream(_pipe, _pipe);
        var outbox = new Outbox(frames, _clock);
        await AddAsync(outbox, 1, 5, "a");
        outbox.Add(1, new(6, "b", null), null);
        outbox.End(1, new DoneMessage(1, FinishReason.Length, 1, 2, 0, 0, 0, 0));
        await outbox.SendAsync();
        Assert.Equal(["1: 5 a", "1: 6 b", "DoneMessage"], await HeardAsync(frames));
    }

    [Fact]
    public async Task Each_token_s_probability_stays_its_own()
    {
        using var frames = new FrameStream(_pipe, _pipe);
        var outbox = new Outbox(frames, _clock);
        outbox.Add(1, new(5, "", null), new("", -1, []));
        outbox.Add(1, new(6, "ä", null), new("ä", -2, []));
        await outbox.SendAsync();
        _pipe.Position = 0;
        var piece = Assert.IsType<PieceMessage>(await frames.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal([("", -1f), ("ä", -2f)], piece.Told?.Select(token => (token.Text, token.LogProbability)));
    }

    private static async Task AddAsync(Outbox outbox, long id, int token, string text)
    {
        outbox.Add(id, new(token, text, null), null);
        await outbox.SendAsync();
    }

    private async Task<List<string>> HeardAsync(FrameStream frames)
    {
        List<string> heard = [];
        _pipe.Position = 0;
        while (await frames.ReadAsync(TestContext.Current.CancellationToken) is { } message)
            heard.Add(message is PieceMessage piece ? $"{piece.Id}: {string.Join(',', piece.Tokens)} {piece.Text}" : message.GetType().Name);
        return heard;
    }

    private sealed class Hand : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
