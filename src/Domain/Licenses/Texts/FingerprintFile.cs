using System.Text;

namespace ModelAtlas.Domain.Licenses.Texts;

/// <summary>All fingerprints in one file: what <c>tools/fingerprints</c> writes and this assembly carries.</summary>
internal sealed record FingerprintFile(IReadOnlyList<KnownText> Texts, IReadOnlySet<uint> Vocabulary)
{
    private const int Version = 1;

    public static FingerprintFile Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (reader.ReadInt32() is not Version) throw new InvalidDataException("The licence fingerprints are of another version: build them again with tools/fingerprints.");
        var vocabulary = new HashSet<uint>(Many(reader, reader => reader.ReadUInt32()));
        return new(Many(reader, ReadText), vocabulary);
    }

    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Version);
        Many(writer, [.. Vocabulary.Order()], (writer, word) => writer.Write(word));
        Many(writer, Texts, WriteText);
    }

    private static KnownText ReadText(BinaryReader reader) => new()
    {
        Id = reader.ReadString(),
        CallsItself = Many(reader, reader => reader.ReadString()),
        Grams = Many(reader, ReadGram),
        Numbered = Many(reader, reader => reader.ReadBoolean()),
        Sections = Many(reader, reader => new Section(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), (SectionKind)reader.ReadByte())),
        Blanks = Many(reader, reader => new Blank(reader.Read7BitEncodedInt(), (BlankKind)reader.ReadByte())),
        Clauses = Many(reader, reader => new Clause(reader.Read7BitEncodedInt(), reader.ReadString(), (Topics)reader.Read7BitEncodedInt())),
    };

    private static void WriteText(BinaryWriter writer, KnownText text)
    {
        writer.Write(text.Id);
        Many(writer, text.CallsItself, (writer, id) => writer.Write(id));
        Many(writer, text.Grams, WriteGram);
        Many(writer, text.Numbered, (writer, numbered) => writer.Write(numbered));
        Many(writer, text.Sections, (writer, section) => { writer.Write7BitEncodedInt(section.Start); writer.Write7BitEncodedInt(section.End); writer.Write((byte)section.Kind); });
        Many(writer, text.Blanks, (writer, blank) => { writer.Write7BitEncodedInt(blank.At); writer.Write((byte)blank.Kind); });
        Many(writer, text.Clauses, (writer, clause) => { writer.Write7BitEncodedInt(clause.Start); writer.Write(clause.Number); writer.Write7BitEncodedInt((int)clause.Topics); });
    }

    // 24 bits; all ones stands for no gram.
    private static int ReadGram(BinaryReader reader)
    {
        var gram = reader.ReadUInt16() | (reader.ReadByte() << 16);
        return gram is 0xFFFFFF ? WordedText.NoGram : gram;
    }

    private static void WriteGram(BinaryWriter writer, int gram)
    {
        writer.Write((ushort)gram);
        writer.Write((byte)(gram >> 16));
    }

    private static T[] Many<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++) items[i] = read(reader);
        return items;
    }

    private static void Many<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write7BitEncodedInt(items.Count);
        foreach (var item in items) write(writer, item);
    }
}
