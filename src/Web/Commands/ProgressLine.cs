using System.Diagnostics;

namespace ModelAtlas.Web.Commands;

/// <summary>One line that is written over on a terminal, and a line now and then in a file.</summary>
internal sealed class ProgressLine(TextWriter to, bool redirected) : IDisposable
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(5);

    private long _shown;
    private int _width;

    public void Show(string text)
    {
        if (_shown != 0 && Stopwatch.GetElapsedTime(_shown) < (redirected ? Seldom : Often)) return;
        _shown = Stopwatch.GetTimestamp();
        if (redirected) to.WriteLine(text);
        else to.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
    }

    public void End()
    {
        if (!redirected && _width > 0) to.Write($"\r{new string(' ', _width)}\r");
        (_shown, _width) = (0, 0);
    }

    public void Dispose() => End();
}
