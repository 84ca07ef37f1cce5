using System.Buffers;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Finds where one JSON value ends without understanding it, so that a value no parser would take costs its neighbours nothing. Works on what has arrived so far.</summary>
internal struct ElementScan
{
    private static readonly SearchValues<byte> Breaks = SearchValues.Create(",]} \t\r\n"u8);

    private int _at;
    private int _depth;
    private bool _inString;

    /// <summary>Index just behind the value that starts at the first byte of <paramref name="data"/>, or -1 when its end is not there yet. Call again with more of the same bytes.</summary>
    public int End(ReadOnlySpan<byte> data)
    {
        while (_at < data.Length)
        {
            var rest = data[_at..];
            if (_inString)
            {
                var stop = rest.IndexOfAny((byte)'"', (byte)'\\');
                if (stop < 0 || (rest[stop] == '\\' && stop + 1 == rest.Length))
                {
                    _at += stop < 0 ? rest.Length : stop;
                    return -1;
                }
                _inString = rest[stop] == '\\';
                _at += stop + (_inString ? 2 : 1);
                if (!_inString && _depth == 0) return _at;
                continue;
            }
            if (_depth == 0 && _at > 0) return ScalarEnd(data);
            var next = _depth == 0 ? 0 : rest.IndexOfAny("\"{}[]"u8);
            if (next < 0)
            {
                _at = data.Length;
                return -1;
            }
            _at += next + 1;
            switch (rest[next])
            {
                case (byte)'"': _inString = true; break;
                case (byte)'{' or (byte)'[': _depth++; break;
                case (byte)'}' or (byte)']' when --_depth <= 0: return _at;
            }
        }
        return -1;
    }

    /// <summary>How deep a value nests, whether or not it is whole.</summary>
    public static int Depth(ReadOnlySpan<byte> data)
    {
        int depth = 0, deepest = 0;
        var inString = false;
        for (var at = 0; at < data.Length; at++)
        {
            switch (data[at])
            {
                case (byte)'\\' when inString: at++; break;
                case (byte)'"': inString = !inString; break;
                case (byte)'{' or (byte)'[' when !inString: deepest = Math.Max(deepest, ++depth); break;
                case (byte)'}' or (byte)']' when !inString: depth--; break;
            }
        }
        return deepest;
    }

    /// <summary>A number, a word or junk ends where the next thing starts.</summary>
    private int ScalarEnd(ReadOnlySpan<byte> data)
    {
        var stop = data[_at..].IndexOfAny(Breaks);
        _at = stop < 0 ? data.Length : _at + stop;
        return stop < 0 ? -1 : _at;
    }
}
