namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>The nodes of a graph, and of each name who makes it and who reads it.</summary>
internal sealed class NodeMap
{
    private readonly Dictionary<string, OnnxType> _constants = new(StringComparer.Ordinal);
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxNode> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _readers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _results = new(StringComparer.Ordinal);

    public NodeMap(ReadOnlySpan<byte> graph)
    {
        for (var reader = new WireReader(graph); reader.Next();)
        {
            if (reader.Kind != WireKind.Bytes) continue;
            if (reader.Field == 1) Add(OnnxNode.Read(reader.Bytes));
            if (reader.Field == 5) AddConstant(reader.Bytes);
            if (reader.Field == 12) _results.Add(WireReader.TextOf(reader.Bytes, 1));
        }
    }

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>Whether a branch may read any name without saying so here.</summary>
    public bool HasBranches => _nodes.Exists(node => node.Operator is "If" or "Loop" or "Scan");

    public OnnxNode? Maker(string name) => _makers.GetValueOrDefault(name);

    public IReadOnlyList<OnnxNode> Readers(string name) => _readers.TryGetValue(name, out var readers) ? readers : [];

    /// <summary>Whether the graph gives it.</summary>
    public bool IsResult(string name) => _results.Contains(name);

    /// <summary>The type of a stored tensor; null for what is computed.</summary>
    public OnnxType? Constant(string name) => _constants.TryGetValue(name, out var type) ? type : null;

    private void Add(OnnxNode node)
    {
        _nodes.Add(node);
        foreach (var output in node.Outputs) _makers[output] = node;
        foreach (var input in node.Inputs)
        {
            if (!_readers.TryGetValue(input, out var readers)) _readers[input] = readers = [];
            readers.Add(node);
        }
    }

    private void AddConstant(ReadOnlySpan<byte> tensor)
    {
        var type = OnnxType.None;
        for (var reader = new WireReader(tensor); reader.Next();)
            if (reader is { Field: 2, Kind: WireKind.Varint }) type = (OnnxType)reader.Number;
        _constants[WireReader.TextOf(tensor, 8)] = type;
    }
}
