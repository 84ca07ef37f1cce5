using System.Buffers;

namespace ModelAtlas.Ingest.Judging;

/// <summary>
/// Goes through the plainest kind of JSON (RFC 8259): an object whose values are strings without escapes, numbers, booleans and lists of such strings. It reads less than the grammar has
/// and accepts nothing that the grammar has not; what it does not know is for a real reader. Half a million rows of a list take it half as long.
/// </summary>
internal ref struct PlainJson(ReadOnlySpan<byte> json)
{
    private static readonly SearchValues<byte> EndsString = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private ReadOnlySpan<byte> _rest = json;

    /// <summary>True when nothing but white space is left.</summary>
    public bool IsAtEnd
    {
        get
        {
            SkipSpace();
            return _rest.IsEmpty;
        }
    }

    /// <summary>Takes a punctuation mark, when it comes next.</summary>
    public bool Take(byte mark)
    {
        SkipSpace();
        if (_rest.IsEmpty || _rest[0] != mark) return false;
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes a string without escapes.</summary>
    public bool TakeString(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Take((byte)'"')) return false;
        var end = _rest.IndexOfAny(EndsString);
        if (end < 0 || _rest[end] != (byte)'"') return false;
        text = _rest[..end];
        _rest = _rest[(end + 1)..];
        return true;
    }

    public bool TakeFalse()
    {
        SkipSpace();
        if (!_rest.StartsWith("false"u8)) return false;
        _rest = _rest[5..];
        return true;
    }

    public bool TakeNumber()
    {
        SkipSpace();
        if (_rest is [(byte)'-', ..]) _rest = _rest[1..];
        var whole = TakeDigits(out var first);
        if (whole == 0 || (whole > 1 && first == (byte)'0')) return false;
        if (_rest is [(byte)'.', ..])
        {
            _rest = _rest[1..];
            if (TakeDigits(out _) == 0) return false;
        }
        if (_rest is [(byte)'e' or (byte)'E', ..])
        {
            _rest = _rest is [_, (byte)'+' or (byte)'-', ..] ? _rest[2..] : _rest[1..];
            if (TakeDigits(out _) == 0) return false;
        }
        return true;
    }

    private int TakeDigits(out byte first)
    {
        first = _rest.IsEmpty ? (byte)0 : _rest[0];
        var count = 0;
        while (count < _rest.Length && (uint)(_rest[count] - '0') <= 9) count++;
        _rest = _rest[count..];
        return count;
    }

    private void SkipSpace()
    {
        while (_rest is [(byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', ..]) _rest = _rest[1..];
    }
}
