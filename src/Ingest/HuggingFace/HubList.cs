namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Takes the body of a list answer apart, element by element.</summary>
public static class HubList
{
    /// <summary>The elements of a JSON array in order, whole or broken. False when the body is no array, or not all of one: then it was cut off or is something else.</summary>
    public static bool TrySplit(ReadOnlyMemory<byte> body, out List<ReadOnlyMemory<byte>> elements)
    {
        elements = [];
        var span = body.Span;
        var at = SkipTo(span, 0);
        if (at == span.Length || span[at] != '[') return false;
        at++;
        while (true)
        {
            at = SkipTo(span, at);
            if (at == span.Length) return false;
            if (span[at] == ']') return SkipTo(span, at + 1) == span.Length;
            if (span[at] == ',')
            {
                at++;
                continue;
            }
            var length = new ElementScan().End(span[at..]);
            if (length < 0) length = span.Length - at;
            elements.Add(body.Slice(at, length));
            at += length;
        }
    }

    private static int SkipTo(ReadOnlySpan<byte> span, int at)
    {
        while (at < span.Length && span[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        return at;
    }
}
