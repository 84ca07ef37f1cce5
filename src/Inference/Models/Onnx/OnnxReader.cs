using System.Globalization;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Reads the structure of an ONNX model; the weights in it are passed over.</summary>
internal static class OnnxReader
{
    private const int DeepestGraph = 16;

    /// <exception cref="OnnxFormatException">The bytes are no ONNX model.</exception>
    public static OnnxGraph Read(ReadOnlySpan<byte> model)
    {
        var found = new OnnxGraph();
        var graphs = 0;
        for (var reader = new WireReader(model); reader.Next();)
        {
            if (reader is { Field: 7, Kind: WireKind.Bytes })
            {
                graphs++;
                ReadGraph(reader.Bytes, found, 0);
            }
            else if (reader is { Field: 25, Kind: WireKind.Bytes }) ReadFunction(reader.Bytes, found);
            else if (reader is { Field: 14, Kind: WireKind.Bytes }) ReadNote(reader.Bytes, found);
        }
        if (graphs != 1) throw new OnnxFormatException(graphs == 0 ? "it holds no graph" : "it holds more than one graph");
        return found;
    }

    private static void ReadGraph(ReadOnlySpan<byte> graph, OnnxGraph found, int depth)
    {
        if (depth > DeepestGraph) throw new OnnxFormatException($"its graphs are nested deeper than {DeepestGraph}");
        var (constants, lengthTests, branches) = (new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        for (var reader = new WireReader(graph); reader.Next();)
            switch (reader.Field)
            {
                case 1 when reader.Kind == WireKind.Bytes:
                    var node = OnnxNode.Read(reader.Bytes);
                    CountNode(node, found);
                    if (node is { Operator: "Constant", Constant: { } value, Outputs: [var name, ..] }) constants[name] = value;
                    if (node is { Operator: "Greater", Inputs: [_, var limit], Outputs: [var test, ..] }) lengthTests[test] = limit;
                    if (node is { Operator: "If", Inputs: [var condition, ..] }) branches.Add(condition);
                    ReadAttributes(reader.Bytes, found, depth);
                    break;
                case 5 when reader.Kind == WireKind.Bytes:
                    ReadTensor(reader.Bytes, found);
                    break;
                case 15 when reader.Kind == WireKind.Bytes: // a sparse tensor: values and indices are tensors
                    for (var sparse = new WireReader(reader.Bytes); sparse.Next();)
                        if (sparse is { Field: 1 or 2, Kind: WireKind.Bytes }) ReadTensor(sparse.Bytes, found);
                    break;
                case 11 when depth == 0 && reader.Kind == WireKind.Bytes:
                    found.Inputs.Add(ReadPort(reader.Bytes));
                    break;
                case 12 when depth == 0 && reader.Kind == WireKind.Bytes:
                    found.Outputs.Add(ReadPort(reader.Bytes));
                    break;
            }
        foreach (var branch in branches)
            if (depth == 0 && lengthTests.TryGetValue(branch, out var limit) && constants.TryGetValue(limit, out var above)) found.TableSwitch = above;
            else found.HasUnknownBranch = true;
    }

    private static void ReadNote(ReadOnlySpan<byte> note, OnnxGraph found)
    {
        var (key, value) = ReadEntry(note);
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue) return;
        if (key == OnnxNotes.TableSwitch) found.TableSwitch = number;
        if (key == OnnxNotes.TableGrows) found.TableGrows = number;
        if (key == OnnxNotes.Context) found.Context = number;
    }

    private static void CountNode(OnnxNode node, OnnxGraph found)
    {
        found.Nodes++;
        var name = node.Domain is "" or "ai.onnx" ? node.Operator : $"{node.Domain}:{node.Operator}";
        found.Operators[name] = found.Operators.GetValueOrDefault(name) + 1;
        if (name == "com.microsoft:MatMulNBits")
        {
            found.QuantizedBits.Add((int)node.Numbers.GetValueOrDefault("bits", 4));
            found.Matrices.Add((Math.Clamp(node.Numbers.GetValueOrDefault("K"), 0, int.MaxValue), Math.Clamp(node.Numbers.GetValueOrDefault("N"), 0, int.MaxValue)));
        }
        if (name != "com.microsoft:GroupQueryAttention") return;
        foreach (var cache in node.Outputs.Skip(1)) found.FusedCaches.Add(cache);
        found.NormalizesInsideAttention |= node.Inputs.Skip(14).Any(input => input.Length > 0);
    }

    private static void ReadFunction(ReadOnlySpan<byte> function, OnnxGraph found)
    {
        for (var reader = new WireReader(function); reader.Next();)
            if (reader is { Field: 7, Kind: WireKind.Bytes })
            {
                CountNode(OnnxNode.Read(reader.Bytes), found);
                ReadAttributes(reader.Bytes, found, 0);
            }
    }

    /// <summary>The tensors and graphs that hang on a node.</summary>
    private static void ReadAttributes(ReadOnlySpan<byte> node, OnnxGraph found, int depth)
    {
        for (var reader = new WireReader(node); reader.Next();)
        {
            if (reader is not { Field: 5, Kind: WireKind.Bytes }) continue;
            for (var attribute = new WireReader(reader.Bytes); attribute.Next();)
            {
                if (attribute.Kind != WireKind.Bytes) continue;
                if (attribute.Field is 5 or 10) ReadTensor(attribute.Bytes, found);
                else if (attribute.Field is 6 or 11) ReadGraph(attribute.Bytes, found, depth + 1);
                else if (attribute.Field is 22 or 23)
                    for (var sparse = new WireReader(attribute.Bytes); sparse.Next();)
                        if (sparse is { Field: 1 or 2, Kind: WireKind.Bytes }) ReadTensor(sparse.Bytes, found);
            }
        }
    }

    private static void ReadTensor(ReadOnlySpan<byte> tensor, OnnxGraph found)
    {
        var (type, name, external, dims) = (OnnxType.None, "", new Dictionary<string, string>(StringComparer.Ordinal), new List<long>());
        var isExternal = false;
        for (var reader = new WireReader(tensor); reader.Next();)
            switch (reader.Field)
            {
                case 1: reader.Numbers(dims); break;
                case 2: type = (OnnxType)reader.Number; break;
                case 8: name = reader.Text; break;
                case 14: isExternal = reader.Number == 1; break;
                case 13 when reader.Kind == WireKind.Bytes:
                    var (key, value) = ReadEntry(reader.Bytes);
                    external[key] = value;
                    break;
            }
        var elements = 1L;
        foreach (var dim in dims)
        {
            if (dim < 0 || (dim > 0 && elements > long.MaxValue / dim)) throw new OnnxFormatException($"tensor {Shown(name)} has an impossible size");
            elements *= dim;
        }
        if (dims is [_, _]) found.Matrices.Add((dims[0], dims[1]));
        found.Elements[type] = found.Elements.GetValueOrDefault(type) + Math.Min(elements, long.MaxValue / 2 - found.Elements.GetValueOrDefault(type));
        if (isExternal || external.Count > 0)
            found.External.Add(new(name, external.GetValueOrDefault("location", ""), Whole(external, "offset", name) ?? 0, Whole(external, "length", name)));
    }

    private static ulong? Whole(Dictionary<string, string> external, string key, string tensor)
    {
        if (!external.TryGetValue(key, out var text)) return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= long.MaxValue
            ? value
            : throw new OnnxFormatException($"tensor {Shown(tensor)} has the {key} {Shown(text)}, which is no number of bytes");
    }

    private static (string Key, string Value) ReadEntry(ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        for (var reader = new WireReader(entry); reader.Next();)
        {
            if (reader.Field == 1) key = reader.Text;
            if (reader.Field == 2) value = reader.Text;
        }
        return (key, value);
    }

    private static OnnxPort ReadPort(ReadOnlySpan<byte> port)
    {
        var (name, type, shape) = ("", OnnxType.None, new List<OnnxDimension>());
        for (var reader = new WireReader(port); reader.Next();)
        {
            if (reader.Field == 1) name = reader.Text;
            if (reader is not { Field: 2, Kind: WireKind.Bytes }) continue;
            for (var kind = new WireReader(reader.Bytes); kind.Next();)
            {
                if (kind is not { Field: 1, Kind: WireKind.Bytes }) continue;
                for (var tensor = new WireReader(kind.Bytes); tensor.Next();)
                    if (tensor.Field == 1) type = (OnnxType)tensor.Number;
                    else if (tensor is { Field: 2, Kind: WireKind.Bytes })
                        for (var dims = new WireReader(tensor.Bytes); dims.Next();)
                            if (dims is { Field: 1, Kind: WireKind.Bytes }) shape.Add(ReadDimension(dims.Bytes));
            }
        }
        return new(name, type, shape);
    }

    private static OnnxDimension ReadDimension(ReadOnlySpan<byte> dimension)
    {
        var found = default(OnnxDimension);
        for (var reader = new WireReader(dimension); reader.Next();)
            found = reader.Field switch { 1 => new((long)reader.Number, null), 2 => new(null, reader.Text), _ => found };
        return found;
    }

    /// <summary>A name out of a file, fit for one line of an error.</summary>
    public static string Shown(string name) =>
        $"\"{string.Concat((name.Length > 60 ? name[..60] + "…" : name).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter))}\"";
}
