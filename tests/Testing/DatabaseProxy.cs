using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ModelAtlas.Testing;

/// <summary>Stands between a program and its PostgreSQL and loses the answers to commits: they are done, and nobody hears of it, for the connection is cut.</summary>
public sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;
    private int _commits;
    private int _lost;

    public DatabaseProxy(string server)
    {
        _server = new(server);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Which commits lose their answer, counted from 1.</summary>
    public Func<int, bool> Loses { get; set; } = _ => false;

    public int Lost => _lost;

    private async Task ServeAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true) lines.Add(CarryAsync(await _listener.AcceptSocketAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
        await Task.WhenAll(lines);
    }

    private async Task CarryAsync(Socket program)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        using (program)
        using (var server = await ConnectAsync())
        {
            var lost = false;
            Task[] ways = [
                CopyAsync(program, server, sent =>
                {
                    if (sent.IndexOf("COMMIT\0"u8) >= 0) lost = Loses(Interlocked.Increment(ref _commits));
                    return true;
                }, over.Token),
                CopyAsync(server, program, _ => !lost, over.Token),
            ];
            await Task.WhenAny(ways);
            if (lost) Interlocked.Increment(ref _lost);
            await over.CancelAsync();
            await Task.WhenAll(ways);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var local = _server.Host?.StartsWith('/') == true;
        EndPoint address = local ? new UnixDomainSocketEndPoint(Path.Combine(_server.Host ?? "", $".s.PGSQL.{_server.Port}")) : new DnsEndPoint(_server.Host ?? "127.0.0.1", _server.Port);
        var socket = new Socket(local ? AddressFamily.Unix : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address, _ending.Token);
        return socket;
    }

    private delegate bool Passes(ReadOnlySpan<byte> bytes);

    private static async Task CopyAsync(Socket from, Socket to, Passes passes, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count && passes(buffer.AsSpan(0, count)))
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // One end has hung up.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _serving;
        _listener.Stop();
        _ending.Dispose();
    }
}
