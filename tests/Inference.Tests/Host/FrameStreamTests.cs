using System.Buffers.Binary;
using System.Text;
using ModelAtlas.Inference.Host;

namespace ModelAtlas.Inference.Tests.Host;

public sealed class FrameStreamTests
{
    [Fact]
    public async Task What_is_written_is_read_again()
    {
        using var pipe = new MemoryStream();
        using var frames = new FrameStream(pipe, pipe);
        HostMessage[] messages =
        [
            new HelloMessage(1),
            new LoadMessage("/models/a", new(Slots: 3)),
            new GenerateMessage(7, new(Temperature: 0.5)) { Ids = [1, 2], Stop = ["\n"] },
            new PieceMessage(7, [12, 13], "ä🦊") { Told = [new("ä", -0.5f, [new(12, -0.5f) { Text = "ä" }])] },
            new RefusedMessage(null, "no"),
        ];
        foreach (var message in messages) await frames.WriteAsync(message, TestContext.Current.CancellationToken);
        pipe.Position = 0;
        foreach (var message in messages)
        {
            var read = await frames.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(message), System.Text.Json.JsonSerializer.Serialize(read));
        }
        Assert.Null(await frames.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task INF_10_Nonsense_is_a_broken_protocol_and_nothing_worse()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var body = i % 2 == 0 ? Random(random) : Encoding.UTF8.GetBytes(new[] { "{}", "[]", "null", "{\"is\":\"reboot\"}", "{\"is\":\"token\",\"id\":\"x\"}", "{\"is\":\"done\"}", new string('[', 500) }[i / 2 % 7]);
            var header = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(header, i % 5 == 4 ? random.Next() : body.Length);
            using var pipe = new MemoryStream([.. header, .. body]);
            using var frames = new FrameStream(pipe, pipe);
            try
            {
                await frames.ReadAsync(TestContext.Current.CancellationToken);
            }
            catch (FrameException broken)
            {
                Assert.NotEmpty(broken.Message);
            }
        }
    }

    [Fact]
    public async Task INF_10_A_frame_is_no_longer_than_a_mebibyte_either_way()
    {
        var header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, FrameStream.MostBytes + 1);
        using var pipe = new MemoryStream(header);
        using var frames = new FrameStream(pipe, Stream.Null);
        await Assert.ThrowsAsync<FrameException>(() => frames.ReadAsync(TestContext.Current.CancellationToken).AsTask());
        await Assert.ThrowsAsync<FrameException>(() => frames.WriteAsync(new PieceMessage(1, [1], new('x', FrameStream.MostBytes)), TestContext.Current.CancellationToken).AsTask());
    }

    private static byte[] Random(Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        return bytes;
    }
}
