namespace ModelAtlas.Inference.Generation;

/// <summary>Ends a text before the first stop string, however the tokens cut it: what may become one is held back until it is clear.</summary>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly string[] _stops = [.. stops.Where(stop => stop.Length > 0)];
    private string _held = "";

    public bool Stopped { get; private set; }

    /// <summary>What of the text so far can be shown.</summary>
    public string Push(string text)
    {
        if (Stopped) return "";
        if (_stops.Length == 0) return text;
        _held += text;
        var end = _stops.Select(stop => _held.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        Stopped = end >= 0;
        return Release(Stopped ? end : _held.Length - LongestStart());
    }

    /// <summary>What was held back when the text ended without a stop string.</summary>
    public string Finish() => Stopped ? "" : Release(_held.Length);

    private string Release(int length)
    {
        var shown = _held[..length];
        _held = Stopped ? "" : _held[length..];
        return shown;
    }

    /// <summary>Length of the longest end of the held text that a stop string begins with.</summary>
    private int LongestStart()
    {
        for (var length = Math.Min(_held.Length, _stops.Max(stop => stop.Length) - 1); length > 0; length--)
            if (Array.Exists(_stops, stop => stop.Length > length && stop.AsSpan(0, length).SequenceEqual(_held.AsSpan(_held.Length - length)))) return length;
        return 0;
    }
}
