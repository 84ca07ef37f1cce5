using System.Collections.Concurrent;
using System.Diagnostics;
using ModelAtlas.Web.Hosting;
using ModelAtlas.Web.Postgres;

namespace ModelAtlas.Testing;

/// <summary>The built program run as a process of its own, as <c>./atlas VERB</c> runs it. Killed at the end if it still runs.</summary>
public sealed class AtlasProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private AtlasProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    public int Id => _process.Id;
    public bool HasEnded => _process.HasExited;
    public IReadOnlyCollection<string> Output => _output;
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Where <c>up</c> said it is ready; set by <see cref="ReadyAsync"/>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public static AtlasProcess Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return new(start);
    }

    /// <summary>Runs a verb to its end and gives the exit code.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = Start(arguments, environment);
        var exitCode = await process.EndAsync(TimeSpan.FromMinutes(2));
        return (exitCode, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    public async Task ReadyAsync()
    {
        const string Words = "ModelAtlas is ready on ";
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(3); await Task.Delay(50))
        {
            if (_output.FirstOrDefault(line => line.StartsWith(Words, StringComparison.Ordinal)) is { } line)
            {
                Address = new(line[Words.Length..]);
                return;
            }
            if (_process.HasExited) break;
        }
        throw new TimeoutException($"up was not ready (ended: {_process.HasExited}): {string.Join(" / ", _errors)}");
    }

    public void Terminate() => UnixProcess.Signal(Id, UnixSignal.Terminate);
    public void Interrupt() => UnixProcess.Signal(Id, UnixSignal.Interrupt);
    public void Kill() => UnixProcess.Signal(Id, UnixSignal.Kill);

    public async Task<int> EndAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Terminate();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(25));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    /// <summary>The program in its own output folder, of the configuration these tests were built in.</summary>
    private static string Program
    {
        get
        {
            var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            return Path.Combine(AtlasOptions.Checkout ?? throw new InvalidOperationException("These tests run inside the checkout."), "artifacts", "bin", "ModelAtlas.Web", configuration, "ModelAtlas.Web.dll");
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
