using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Files;

/// <summary>Takes a file of JSON apart, row by row, in memory of the longest row only: JSON lines, one array, or objects one after the other.</summary>
internal sealed class ElementReader(Stream stream, Func<double>? place = null) : IElementSource
{
    /// <summary>A longer element is not kept; its beginning is.</summary>
    private const int Longest = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private bool _ended;
    private bool? _lines;
    private long _line = 1;

    public long Count { get; private set; }

    public string Position { get; private set; } = "";

    public double Place => place?.Invoke() ?? 0;

    public void Dispose() => stream.Dispose();

    public bool TryRead(out ReadOnlyMemory<byte> element, out long length)
    {
        _lines ??= IsLines();
        element = default;
        length = 0;
        if (!SkipBetween()) return false;
        var line = _line;
        element = Take(out length);
        Count++;
        Position = _lines == true ? $"line {line}" : $"element {Count}";
        return true;
    }

    /// <summary>Lines, unless the file is an array or its first object goes on over the end of its line.</summary>
    private bool IsLines()
    {
        if (!SkipSpace() || _buffer[_start] == '[') return _start == _end;
        var end = EndOfLine(0);
        if (end < 0) return true;
        var first = _buffer.AsSpan(_start, end).TrimEnd(" \r\t"u8);
        if (first is [.., (byte)'}']) return true;
        var next = _buffer.AsSpan(_start + end, _end - _start - end).TrimStart(" \r\n\t"u8);
        return next is [(byte)'{', ..] && first is not [(byte)'{'];
    }

    private ReadOnlyMemory<byte> Take(out long length)
    {
        var scan = new ElementScan();
        var searched = 0;
        while (true)
        {
            var end = _lines == true ? EndInBuffer(searched) : scan.End(_buffer.AsSpan(_start, _end - _start));
            searched = _end - _start;
            if (end < 0 && searched >= Longest) return Overlong(out length);
            if (end >= 0 || _ended)
            {
                length = end < 0 ? searched : end;
                var element = _buffer.AsMemory(_start, (int)length);
                _start += (int)length;
                return element;
            }
            Fill();
        }
    }

    /// <summary>Keeps the beginning and reads on to the next line, which is the next place where anything can begin.</summary>
    private byte[] Overlong(out long length)
    {
        var beginning = _buffer.AsSpan(_start, Sync.UnreadableElement.RawLimit).ToArray();
        length = 0;
        while (EndInBuffer(0) is var end)
        {
            var passed = end < 0 ? _end - _start : end;
            length += passed;
            _start += passed;
            if (end >= 0 || _ended) break;
            Fill();
        }
        return beginning;
    }

    private bool SkipBetween()
    {
        while (SkipSpace())
        {
            if (_lines == true || _buffer[_start] is not ((byte)',' or (byte)'[' or (byte)']')) return true;
            _start++;
        }
        return false;
    }

    private bool SkipSpace()
    {
        while (true)
        {
            while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF)
                if (_buffer[_start++] == '\n') _line++;
            if (_start < _end) return true;
            if (_ended) return false;
            Fill();
        }
    }

    private int EndOfLine(int searched)
    {
        while (true)
        {
            var end = EndInBuffer(searched);
            if (end >= 0 || _ended || _end - _start >= Longest) return end;
            searched = _end - _start;
            Fill();
        }
    }

    private int EndInBuffer(int searched) =>
        _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n') is >= 0 and var at ? searched + at : -1;

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _ended = read == 0;
        _end += read;
    }
}
