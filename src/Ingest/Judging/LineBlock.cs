using System.Buffers;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Whole lines of a file that stand beside each other, in a rented buffer; or, in place of them, one line that is too long to be held.</summary>
/// <param name="before">How many lines of the file stand before the first of these.</param>
internal sealed class LineBlock(string file, long before, byte[] rented, int length)
{
    public string File => file;

    public long Before => before;

    public bool IsTooLong { get; private init; }

    public static LineBlock Of(FileLine line)
    {
        var rented = ArrayPool<byte>.Shared.Rent(line.Bytes.Length);
        line.Bytes.CopyTo(rented, 0);
        return new(line.File, line.Number - 1, rented, line.Bytes.Length);
    }

    public static LineBlock TooLong(string file, long before) => new(file, before, [], 0) { IsTooLong = true };

    /// <summary>The next line that is not blank, without the white space around it; false at the end.</summary>
    /// <param name="at">Where to go on, 0 at first.</param>
    /// <param name="number">The line's number in the file; <see cref="Before"/> at first.</param>
    public bool Next(ref int at, ref long number, out ReadOnlySpan<byte> line)
    {
        while (at < length)
        {
            var rest = rented.AsSpan(at, length - at);
            var end = rest.IndexOf((byte)'\n');
            line = (end < 0 ? rest : rest[..end]).Trim(" \t\r"u8);
            at = end < 0 ? length : at + end + 1;
            number++;
            if (!line.IsEmpty) return true;
        }
        line = default;
        return false;
    }

    /// <summary>Gives the buffer back; nobody may read the lines after that.</summary>
    public void Return()
    {
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
    }
}
