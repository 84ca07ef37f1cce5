using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ModelAtlas.Bench.Catalog;

/// <summary>Asks over one connection again and again, with as little work of its own as can be.</summary>
internal static class PlainClient
{
    /// <summary>Asks for one page after the other on the caller's thread, and says what each cost the site: time of the processor without that of this thread.</summary>
    public static void Ask(Uri address, IEnumerable<string> paths, string encoding, Action<double> answered)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address.Host, address.Port);
        var buffer = new byte[1 << 20];
        foreach (var path in paths)
        {
            var start = CpuClock.ProcessMilliseconds - CpuClock.ThreadMilliseconds;
            socket.Send(Request(address, path, encoding));
            for (int have = 0, need = int.MaxValue; have < need;)
            {
                var read = socket.Receive(buffer.AsSpan(have));
                if (read == 0) throw new IOException("The server closed the connection.");
                have += read;
                if (need == int.MaxValue) need = Length(buffer.AsSpan(0, have));
            }
            answered(CpuClock.ProcessMilliseconds - CpuClock.ThreadMilliseconds - start);
        }
    }

    public static async Task<long> AskUntilAsync(Uri address, string path, CancellationToken end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, CancellationToken.None);
        var request = Request(address, path, "br");
        var buffer = new byte[1 << 17];
        long answered = 0;
        for (; !end.IsCancellationRequested; answered++)
        {
            await socket.SendAsync(request, CancellationToken.None);
            for (int have = 0, need = int.MaxValue; have < need;)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(have), CancellationToken.None);
                if (read == 0) throw new IOException("The server closed the connection.");
                have += read;
                if (need == int.MaxValue) need = Length(buffer.AsSpan(0, have));
            }
        }
        return answered;
    }

    private static byte[] Request(Uri address, string path, string encoding) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAccept-Encoding: {encoding}\r\nAccept: text/html\r\n\r\n");

    /// <summary>Bytes of the whole answer, as far as they can be told yet.</summary>
    private static int Length(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return int.MaxValue;
        var head = Encoding.ASCII.GetString(answer[..end]);
        if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) throw new IOException(head.Split('\r')[0]);
        const string Name = "Content-Length: ";
        if (head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
            return end + 4 + int.Parse(head.AsSpan(at + Name.Length, (head.IndexOf('\r', at) is >= 0 and var stop ? stop : head.Length) - at - Name.Length), CultureInfo.InvariantCulture);
        return answer.EndsWith("\r\n0\r\n\r\n"u8) ? answer.Length : int.MaxValue;
    }
}
