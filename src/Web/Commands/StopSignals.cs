using System.Runtime.InteropServices;

namespace ModelAtlas.Web.Commands;

/// <summary>
/// Ctrl+C, SIGTERM and a closed terminal cancel the running verb, from the first moment on. What has not ended after <see cref="Limit"/> is ended;
/// a second signal ends it at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(24);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private Timer? _limit;

    public StopSignals()
    {
        foreach (var signal in OperatingSystem.IsWindows() ? (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM] : [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, Stop));
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _limit?.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested) return; // the second time the signal does what it always does
        context.Cancel = true;
        _limit = new(_ => Environment.Exit(context.Signal == PosixSignal.SIGINT ? 130 : 143), null, Limit, Timeout.InfiniteTimeSpan);
        _stop.Cancel();
    }
}
