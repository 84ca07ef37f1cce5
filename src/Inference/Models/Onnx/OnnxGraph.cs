namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>What an ONNX file says about itself, read without ONNX Runtime: enough to choose it, refuse it, and bind to it.</summary>
internal sealed class OnnxGraph
{
    public List<OnnxPort> Inputs { get; } = [];
    public List<OnnxPort> Outputs { get; } = [];

    /// <summary>Every place outside the file that a tensor of it points to, of subgraphs and functions too.</summary>
    public List<ExternalTensor> External { get; } = [];

    /// <summary>How often each operator occurs, as <c>domain:name</c>, or the bare name in ONNX's own domain.</summary>
    public Dictionary<string, int> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>Elements of the stored tensors by element type.</summary>
    public Dictionary<OnnxType, long> Elements { get; } = [];

    /// <summary>Shapes of the stored matrices, as they are or as they come out of their blocks.</summary>
    public HashSet<(long Rows, long Columns)> Matrices { get; } = [];

    /// <summary>Elements of the largest matrix that a token is multiplied with, but for the table of the vocabulary, which only the last token meets.</summary>
    public long LargestMatrix(long vocabulary) => Matrices.Where(matrix => matrix.Rows != vocabulary && matrix.Columns != vocabulary).Select(matrix => matrix.Rows * matrix.Columns).DefaultIfEmpty(0).Max();

    /// <summary>Bit widths of MatMulNBits, and whether all of them compute with 8-bit activations already.</summary>
    public HashSet<int> QuantizedBits { get; } = [];

    /// <summary>The node outputs that GroupQueryAttention writes: these caches may share one buffer with their past.</summary>
    public HashSet<string> FusedCaches { get; } = new(StringComparer.Ordinal);

    /// <summary>True when an attention normalises queries and keys inside, which only the GPU kernels do.</summary>
    public bool NormalizesInsideAttention { get; set; }

    /// <summary>A graph that chooses a rotary table by the number of tokens does so above this many; null when it does not choose.</summary>
    public long? TableSwitch { get; set; }

    /// <summary>The rotary table is another for every length above this many; null where it is fixed.</summary>
    public long? TableGrows { get; set; }

    /// <summary>Most tokens of a text, where the graph itself says it.</summary>
    public long? Context { get; set; }

    /// <summary>True when a branch of the graph hangs on something that is not understood: such a cache is filled in one pass and never shared.</summary>
    public bool HasUnknownBranch { get; set; }

    public long Nodes { get; set; }

    public bool Has(string operatorName) => Operators.ContainsKey(operatorName);
}

/// <param name="Shape">A number, or the name of a dimension that is free.</param>
internal sealed record OnnxPort(string Name, OnnxType Type, IReadOnlyList<OnnxDimension> Shape);

internal readonly record struct OnnxDimension(long? Size, string? Name);

internal sealed record ExternalTensor(string Tensor, string Location, ulong Offset, ulong? Length);

/// <summary>TensorProto.DataType.</summary>
internal enum OnnxType
{
    None = 0,
    Float = 1,
    Byte = 2,
    SByte = 3,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Half = 10,
    BFloat16 = 16,
    UInt4 = 21,
    Int4 = 22,
}
