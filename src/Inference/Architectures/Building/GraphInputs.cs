using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>The inputs of the graph and what several parts of it read from them, each made where it is first asked for.</summary>
internal sealed class GraphInputs
{
    public const string Ids = "input_ids";
    private const string Mask = "attention_mask";

    private readonly GraphBuilder _graph;
    private string? _positions;
    private string? _total;
    private string? _places;
    private string? _lengths;
    private string? _total32;

    public GraphInputs(GraphBuilder graph)
    {
        _graph = graph;
        graph.Onnx.Input(Ids, OnnxType.Int64, "batch", "length");
        graph.Onnx.Input(Mask, OnnxType.Int64, "batch", "total");
    }

    /// <summary>Position of each token in its text.</summary>
    public string Positions
    {
        get
        {
            if (_positions is null) _graph.Onnx.Input(_positions = "position_ids", OnnxType.Int64, "batch", "length");
            return _positions;
        }
    }

    /// <summary>Tokens of the longest text, those of this run included.</summary>
    public string Total => _total ??= _graph.Node("Gather", [_graph.Node("Shape", [Mask]), _graph.Whole(1)]);

    /// <summary>0, 1, 2, … up to the last.</summary>
    public string Places => _places ??= _graph.Node("Range", [_graph.Whole(0), Total, _graph.Whole(1)]);

    /// <summary>As GroupQueryAttention wants them: the last place of each text, and the tokens of the longest.</summary>
    public string Lengths => _lengths ??= _graph.Node("Cast", [_graph.Node("Sub", [_graph.Node("ReduceSum", [Mask, _graph.Wholes(1)], ("keepdims", 0)), _graph.Whole(1)])], ("to", (int)OnnxType.Int32));

    public string Total32 => _total32 ??= _graph.Node("Cast", [Total], ("to", (int)OnnxType.Int32));
}
