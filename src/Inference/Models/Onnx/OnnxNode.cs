namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>One node: what it is, what it reads and writes, and its attributes that are numbers.</summary>
internal sealed class OnnxNode
{
    public string Operator { get; private set; } = "";
    public string Domain { get; private set; } = "";
    public List<string> Inputs { get; } = [];
    public List<string> Outputs { get; } = [];
    public Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, float> Fractions { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the attributes that are neither.</summary>
    public List<string> OtherAttributes { get; } = [];

    /// <summary>Value of a Constant that is one 64-bit number.</summary>
    public long? Constant { get; private set; }

    public static OnnxNode Read(ReadOnlySpan<byte> bytes)
    {
        var node = new OnnxNode();
        for (var reader = new WireReader(bytes); reader.Next();)
        {
            if (reader.Kind != WireKind.Bytes) continue;
            switch (reader.Field)
            {
                case 1: node.Inputs.Add(reader.Text); break;
                case 2: node.Outputs.Add(reader.Text); break;
                case 4: node.Operator = reader.Text; break;
                case 5: node.ReadAttribute(reader.Bytes); break;
                case 7: node.Domain = reader.Text; break;
            }
        }
        return node;
    }

    private void ReadAttribute(ReadOnlySpan<byte> bytes)
    {
        var (name, number) = ("", (long?)null);
        var fraction = (float?)null;
        for (var reader = new WireReader(bytes); reader.Next();)
            switch (reader.Field)
            {
                case 1: name = reader.Text; break;
                case 2 when reader.Kind == WireKind.Fixed32: fraction = BitConverter.UInt32BitsToSingle((uint)reader.Number); break;
                case 3 when reader.Kind == WireKind.Varint: number = (long)reader.Number; break;
                case 5 when reader.Kind == WireKind.Bytes: Constant = OneNumber(reader.Bytes); break;
            }
        if (number is { } whole) Numbers[name] = whole;
        else if (fraction is { } part) Fractions[name] = part;
        else OtherAttributes.Add(name);
    }

    private static long? OneNumber(ReadOnlySpan<byte> tensor)
    {
        var (type, value) = (OnnxType.None, (long?)null);
        for (var reader = new WireReader(tensor); reader.Next();)
            switch (reader.Field)
            {
                case 2: type = (OnnxType)reader.Number; break;
                case 7 when reader.Kind == WireKind.Varint: value = (long)reader.Number; break;
                case 9 when reader.Bytes.Length == sizeof(long): value = BitConverter.ToInt64(reader.Bytes); break;
            }
        return type == OnnxType.Int64 ? value : null;
    }
}
