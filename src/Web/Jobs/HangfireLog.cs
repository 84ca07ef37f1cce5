using Hangfire.AspNetCore;
using Hangfire.Logging;
using LogLevel = Hangfire.Logging.LogLevel;

namespace ModelAtlas.Web.Jobs;

/// <summary>Hangfire keeps one log provider for the whole process. It must not fail once the host that gave it has ended, as in tests with several hosts.</summary>
internal sealed class HangfireLog(ILoggerFactory loggers) : ILogProvider
{
    private readonly AspNetCoreLogProvider _lines = new(loggers);

    public ILog GetLogger(string name)
    {
        try
        {
            return _lines.GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            return new Silence();
        }
    }

    private sealed class Silence : ILog
    {
        public bool Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
    }
}
