using System.Globalization;
using ModelAtlas.Ingest.Files;

namespace ModelAtlas.Web.Commands;

/// <summary>One line on the terminal that fills up; nothing where stderr is not a terminal.</summary>
internal sealed class ImportBar : IProgress<ImportProgress>
{
    private const int Width = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private TimeSpan _last;
    private int _drawn;

    public void Report(ImportProgress value)
    {
        if (Console.IsErrorRedirected || (value.Elapsed - _last < Pause && value.Elapsed >= _last)) return;
        _last = value.Elapsed;
        var full = (int)(Math.Clamp(value.Place, 0, 1) * Width);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{value.File}  [{new string('#', full)}{new string('.', Width - full)}] {value.Place:P0}  {value.Rows:N0} rows  {value.Rows / Math.Max(value.Elapsed.TotalSeconds, 0.001):N0}/s");
        Console.Error.Write($"\r{line.PadRight(_drawn)}");
        _drawn = line.Length;
    }

    public void Clear()
    {
        if (_drawn > 0) Console.Error.Write($"\r{new string(' ', _drawn)}\r");
        _drawn = 0;
        _last = default;
    }
}
