using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ModelAtlas.Testing;

namespace ModelAtlas.Ingest.Tests.Links;

/// <summary>A name that leads to a host that may be asked when it is judged, and to the canary when it is connected to.</summary>
public sealed class RebindingTests
{
    private static readonly IPAddress Allowed = IPAddress.Loopback, Canary = IPAddress.Parse("127.0.0.2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>This machine asks its own name server, so the test runs in a process that sees another <c>/etc/resolv.conf</c>.</summary>
    [Fact]
    public async Task NET_02_A_resolver_that_changes_its_mind_does_not_lead_to_the_canary()
    {
        await using var folder = await TestFolder.CreateAsync("resolver");
        var (servers, program) = (Path.Combine(folder.Path, "resolv.conf"), Environment.ProcessPath ?? "");
        await File.WriteAllTextAsync(servers, $"nameserver {FickleResolver.Address}\noptions timeout:2 attempts:1\n", Token);
        var (may, _) = await RunAsync("unshare", "-m", "mount", "--bind", servers, "/etc/resolv.conf");
        Assert.SkipUnless(may == 0, "Another /etc/resolv.conf for one process takes root on Linux, and not every container lets it.");

        var (exitCode, output) = await RunAsync(
            "unshare", "-m", "sh", "-c", "mount --bind \"$1\" /etc/resolv.conf && exec \"$2\" -noLogo -noColor -explicit only -method \"$3\"", "sh", servers, program,
            $"{typeof(RebindingTests).FullName}.{nameof(The_handler_connects_to_what_it_has_judged)}");

        Assert.True(exitCode == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", StringComparison.Ordinal), output);
    }

    [Fact(Explicit = true)]
    public async Task The_handler_connects_to_what_it_has_judged()
    {
        await using var resolver = new FickleResolver(new(StringComparer.OrdinalIgnoreCase)
        {
            ["control.rebind.test"] = [[Allowed], [Canary]],
            ["turns.rebind.test"] = [[Allowed], [Canary]],
            ["turns-back.rebind.test"] = [[Canary], [Allowed]],
            ["both.rebind.test"] = [[Allowed, Canary], [Canary]],
            ["again.rebind.test"] = [[Allowed], [Canary]],
        });
        using var hosts = new TwoHosts();
        var fetch = LinkServer.Fetch(reachesServer: true, TimeSpan.FromSeconds(20));

        // Whoever judges first and lets the client resolve again is led to the canary: the trap works.
        Assert.Equal([Allowed], await Dns.GetHostAddressesAsync("control.rebind.test", Token));
        using (var naive = new HttpClient(new SocketsHttpHandler { UseProxy = false }, disposeHandler: true)) await naive.GetStringAsync(hosts.Of("control"), Token);
        Assert.Equal(1, hosts.CanaryCalls);

        Assert.Equal(TwoHosts.Text, (await fetch.GetTextAsync(hosts.Of("turns").AbsoluteUri, Token)).Text);
        Assert.Equal(1, resolver.Asked("turns.rebind.test"));
        Assert.Null((await fetch.GetTextAsync(hosts.Of("turns-back").AbsoluteUri, Token)).Text);
        await fetch.GetTextAsync(hosts.Of("both").AbsoluteUri, Token);
        var again = await fetch.GetTextAsync(hosts.Of("again", "/moved").AbsoluteUri, Token); // to the same name, which leads elsewhere by then
        Assert.Null(again.Text);
        Assert.Equal("it does not lead to a public host", again.Issue);
        Assert.Equal(1, hosts.CanaryCalls);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return (-1, "");
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
            await process.WaitForExitAsync(Token);
            return (process.ExitCode, string.Concat(said));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }

    /// <summary>A host that may be asked and the canary, on one port. Each connection serves one request.</summary>
    private sealed class TwoHosts : IDisposable
    {
        public const string Text = "Permission is hereby granted";

        private readonly TcpListener _allowed = new(Allowed, 0);
        private readonly TcpListener _canary;
        private int _canaryCalls;

        public TwoHosts()
        {
            _allowed.Start();
            _canary = new(Canary, ((IPEndPoint)_allowed.LocalEndpoint).Port);
            _canary.Start();
            _ = ServeAsync(_allowed, isCanary: false);
            _ = ServeAsync(_canary, isCanary: true);
        }

        public int CanaryCalls => _canaryCalls;

        public Uri Of(string name, string path = "/license") => new($"http://{name}.rebind.test:{((IPEndPoint)_allowed.LocalEndpoint).Port}{path}");

        private async Task ServeAsync(TcpListener listener, bool isCanary)
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(Token);
                    if (isCanary) Interlocked.Increment(ref _canaryCalls);
                    await using var stream = client.GetStream();
                    var asked = new byte[4_096];
                    var length = await stream.ReadAsync(asked, Token);
                    var head = Encoding.ASCII.GetString(asked, 0, length).StartsWith("GET /moved", StringComparison.Ordinal) ? "302 Found\r\nLocation: /license" : "200 OK\r\nContent-Type: text/plain";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {Text.Length}\r\n\r\n{Text}"), Token);
                }
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The test is over.
            }
        }

        public void Dispose()
        {
            _allowed.Dispose();
            _canary.Dispose();
        }
    }
}
