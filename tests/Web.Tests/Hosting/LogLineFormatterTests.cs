using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModelAtlas.Web.Hosting;

namespace ModelAtlas.Web.Tests.Hosting;

public sealed class LogLineFormatterTests
{
    [Fact]
    public void OPS_07_an_event_is_one_line_whatever_is_in_it()
    {
        var line = Write("owner/\r\nfake: \u001b[31mred\u2028name\u0085", new InvalidOperationException("first\nsecond"));

        Assert.Equal("2026-11-24T00:00:00.000Z warning Test owner/\\r\\nfake: \\u001b[31mred\\u2028name\\u0085 | System.InvalidOperationException: first\\nsecond" + Environment.NewLine, line);
    }

    [Fact]
    public void OPS_01_what_looks_like_an_access_token_is_not_written() =>
        Assert.Contains("asked with hf_*** today", Write($"asked with hf_{new string('a', 34)} today", null), StringComparison.Ordinal);

    private static string Write(string message, Exception? exception)
    {
        using var text = new StringWriter();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        new LogLineFormatter(clock).Write(new LogEntry<string>(LogLevel.Warning, "Test", default, message, exception, (state, _) => state), null, text);
        return text.ToString();
    }
}
