using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ModelAtlas.Web.Hosting;

/// <summary>One event, one line, on stderr: nothing that came from outside can end the line or move the cursor, and nothing that looks like an access token is written.</summary>
internal sealed partial class LogLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";
    private const int ReportLimit = 4000;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } exception) text += $" | {Shortened(exception.ToString())}";
        textWriter.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Level(logEntry.LogLevel)} {logEntry.Category} {OneLine(Token().Replace(text, "hf_***"))}"));
    }

    internal static string OneLine(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f') && !text.AsSpan().ContainsAny('\u2028', '\u2029')) return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
            if (char.IsControl(letter) || letter is '\u2028' or '\u2029') line.Append(letter switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => $"\\u{(int)letter:x4}" });
            else line.Append(letter);
        return line.ToString();
    }

    private static string Shortened(string report) => report.Length <= ReportLimit ? report : report[..ReportLimit] + "…";

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };

    [GeneratedRegex("hf_[A-Za-z0-9]{20,}", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Token();
}

internal static class AtlasLogging
{
    /// <summary>stdout carries results only, so everything goes to stderr, and from Warning up unless <c>Logging__Console__LogLevel__Default</c> says otherwise.</summary>
    public static ILoggingBuilder AddLogLines(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.Warning);
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // "not ready" is an answer, not an error
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.EntityFrameworkCore", LogLevel.Critical); // what it logs it also throws, to someone who logs it
        logging.AddFilter<ConsoleLoggerProvider>("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error); // keys without a key file: README's choice
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole(console =>
        {
            console.FormatterName = LogLineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>();
        logging.Services.AddSingleton(TimeProvider.System);
        return logging;
    }

    public static ILoggerFactory CreateFactory(IConfiguration configuration) => LoggerFactory.Create(logging => logging.AddLogLines(configuration));
}
