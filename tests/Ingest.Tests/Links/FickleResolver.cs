using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelAtlas.Ingest.Tests.Links;

/// <summary>A name server that answers each question for a name with the next of its addresses, and with the last one from then on.</summary>
internal sealed class FickleResolver : IAsyncDisposable
{
    public const string Address = "127.83.71.5";

    private const ushort HostAddress = 1;
    private readonly Dictionary<string, IPAddress[][]> _answers;
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    public FickleResolver(Dictionary<string, IPAddress[][]> answers)
    {
        _answers = answers;
        _socket.Bind(new IPEndPoint(IPAddress.Parse(Address), 53));
        _serving = ServeAsync();
    }

    /// <summary>How often somebody asked where the name leads.</summary>
    public int Asked(string name) => _asked.GetValueOrDefault(name);

    private async Task ServeAsync()
    {
        var buffer = new byte[1_500];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                await _socket.SendToAsync(Answer(buffer.AsSpan(0, received.ReceivedBytes)), received.RemoteEndPoint, _ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> question)
    {
        var labels = new List<string>();
        var at = 12;
        for (; question[at] != 0; at += question[at] + 1) labels.Add(Encoding.ASCII.GetString(question.Slice(at + 1, question[at])));
        var (name, end) = (string.Join('.', labels), at + 5);
        IPAddress[] addresses = [];
        if (BinaryPrimitives.ReadUInt16BigEndian(question[(at + 1)..]) == HostAddress && _answers.TryGetValue(name, out var all))
            addresses = all[Math.Min(_asked.AddOrUpdate(name, 1, (_, before) => before + 1), all.Length) - 1];

        var answer = new List<byte>([.. question[..2], 0x81, 0x80, 0, 1, 0, (byte)addresses.Length, 0, 0, 0, 0, .. question[12..end]]);
        foreach (var address in addresses) answer.AddRange([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, .. address.GetAddressBytes()]); // to be forgotten at once
        return [.. answer];
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _serving;
        _socket.Dispose();
        _ending.Dispose();
    }
}
