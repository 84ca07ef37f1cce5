using System.Net;
using System.Net.Sockets;

namespace ModelAtlas.Testing.Hub;

/// <summary>Answers with bytes as given, for what no real HTTP server can be brought to send.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    /// <param name="answer">Writes one answer; the connection is closed behind it.</param>
    public RawServer(Func<NetworkStream, CancellationToken, Task> answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    public int Requests { get; private set; }

    private async Task ServeAsync(Func<NetworkStream, CancellationToken, Task> answer)
    {
        var buffer = new byte[16 << 10];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_ending.Token);
                await using var stream = client.GetStream();
                if (await stream.ReadAsync(buffer, _ending.Token) == 0) continue;
                Requests++;
                await answer(stream, _ending.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving;
        _ending.Dispose();
    }
}
