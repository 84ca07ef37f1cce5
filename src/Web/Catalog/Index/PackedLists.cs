namespace ModelAtlas.Web.Catalog.Index;

/// <summary>Some numbers for each document, small ones in one byte. Every eighth document can be found at once.</summary>
internal sealed class PackedLists
{
    private const int Block = 8;
    private readonly byte[] _bytes;
    private readonly int[] _blocks;

    private PackedLists(byte[] bytes, int[] blocks, int documents) => (_bytes, _blocks, Documents) = (bytes, blocks, documents);

    public int Documents { get; }

    /// <param name="starts">Where each document's numbers start, at last where they end.</param>
    public static PackedLists Of(int[] numbers, int[] starts)
    {
        var documents = starts.Length - 1;
        var (bytes, at, blocks) = (new byte[1 << 10], 0, new int[(documents + Block - 1) / Block]);
        var list = new byte[VarInt.Longest];
        for (var document = 0; document < documents; document++)
        {
            if (document % Block == 0) blocks[document / Block] = at;
            var mine = numbers.AsSpan(starts[document]..starts[document + 1]);
            if (list.Length < mine.Length * VarInt.Longest) list = new byte[mine.Length * VarInt.Longest];
            var length = 0;
            foreach (var number in mine) VarInt.Write(list, ref length, number);
            if (bytes.Length - at < length + VarInt.Longest) Array.Resize(ref bytes, checked((2 * bytes.Length) + length));
            VarInt.Write(bytes, ref at, length);
            list.AsSpan(0, length).CopyTo(bytes.AsSpan(at));
            at += length;
        }
        return new(bytes.AsSpan(0, at).ToArray(), blocks, documents);
    }

    /// <summary>Adds one to the count of each number that one of the documents, rising, has.</summary>
    public void Count(ReadOnlySpan<int> documents, Span<int> counts)
    {
        const int Distance = 8; // documents from here on that memory is asked for
        ReadOnlySpan<byte> bytes = _bytes;
        var (here, at) = (0, 0);
        for (var next = 0; next < documents.Length; next++)
        {
            if (next + Distance < documents.Length) Ahead.Fetch(in _bytes[_blocks[documents[next + Distance] / Block]]);
            var document = documents[next];
            if (document / Block != here / Block || here == 0) (here, at) = (document / Block * Block, _blocks[document / Block]);
            for (; here < document; here++) at = VarInt.Read(bytes, ref at) + at;
            var end = VarInt.Read(bytes, ref at);
            for (end += at; at < end;) counts[VarInt.Read(bytes, ref at)]++;
            here++;
        }
    }

    public List<int> Of(int document)
    {
        var (here, at) = (document / Block * Block, _blocks[document / Block]);
        for (; here < document; here++) at = VarInt.Read(_bytes, ref at) + at;
        var end = VarInt.Read(_bytes, ref at);
        var numbers = new List<int>();
        for (end += at; at < end;) numbers.Add(VarInt.Read(_bytes, ref at));
        return numbers;
    }
}
