namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Numbers from 0 on as bytes of seven bits, the low ones first: small numbers take one byte.</summary>
internal static class VarInt
{
    public const int Longest = 5;

    public static int Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        int next = bytes[at++];
        if (next < 0x80) return next;
        var number = next & 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            next = bytes[at++];
            number |= (next & 0x7F) << shift;
            if (next < 0x80) return number;
        }
    }

    public static void Write(Span<byte> bytes, ref int at, int number)
    {
        for (; number >= 0x80; number >>= 7) bytes[at++] = (byte)(number | 0x80);
        bytes[at++] = (byte)number;
    }
}
