using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Matrices in blocks of 4 or 8 bits, multiplied with activations of 8 bits. Blocks that the checkpoint holds are carried over as they are.</summary>
/// <param name="bits">Of what is rounded here. The head, the table of tokens and experts keep 8: they are read once a token, by rows, or where they are used.</param>
internal sealed class BlockProducts(GraphBuilder graph, int bits) : IProducts
{
    private const int Block = BlockQuantizer.FourBlock;
    private const int ExpertBlock = 128;

    private readonly FloatProducts _floats = new(graph);
    private readonly Dictionary<WeightSource, (BlockPart Part, long Offset)> _placed = new(ReferenceEqualityComparer.Instance);

    public string Multiply(string input, LinearDescription linear) => Multiply(input, linear, bits);

    public string Head(string input, LinearDescription linear) => Multiply(input, linear, 8);

    public string Look(string numbers, WeightSource table)
    {
        var (part, offset) = Place(table, 8);
        if (part.SumColumns > 0 || part.Order is not null || part.Block < 16 || table.Width % part.Block != 0) return _floats.Look(numbers, table);
        var name = graph.Name("table");
        graph.Same(name, OnnxType.Byte, [table.Rows, part.BytesPerRow], offset, part.ValueBytes);
        graph.Same(name + ".scales", OnnxType.Float, [table.Rows, part.BlocksPerRow], offset + part.ValueBytes, part.ScaleBytes);
        string[] inputs = [name, numbers, name + ".scales"];
        if (part.HasZeroPoints)
        {
            graph.Same(name + ".zeros", OnnxType.Byte, [table.Rows, part.ZeroBytesPerRow], offset + part.Length - part.ZeroBytes, part.ZeroBytes);
            inputs = [.. inputs, name + ".zeros"];
        }
        return graph.Node("com.microsoft:GatherBlockQuantized", inputs, ("bits", part.Bits), ("block_size", part.Block), ("gather_axis", 0), ("quantize_axis", 1));
    }

    public string Experts(string input, string scores, ExpertsDescription experts)
    {
        var block = experts.Up.Inputs % ExpertBlock == 0 && experts.Inner % ExpertBlock == 0 ? ExpertBlock : Block;
        if (experts.Up.Inputs % block != 0 || experts.Inner % block != 0) return _floats.Experts(input, scores, experts);
        var (up, upScales) = Experts(experts.Up, experts.Count, block);
        var (down, downScales) = Experts(experts.Down, experts.Count, block);
        string Bias(LinearDescription linear) => linear.Bias is { } bias ? graph.Weights(bias, experts.Count, linear.Outputs / experts.Count) : "";
        string[] inputs = [input, scores, up, upScales, Bias(experts.Up), down, downScales, Bias(experts.Down)];
        while (inputs[^1].Length == 0) inputs = inputs[..^1];
        return graph.Node("com.microsoft:QMoE", inputs, [.. ExpertAttributes.Of(experts), ("expert_weight_bits", 8), ("block_size", block)]);
    }

    private (string Values, string Scales) Experts(LinearDescription linear, int count, int block)
    {
        var part = BlockPart.Rounded(linear.Weight, 8, block);
        var (name, offset) = (graph.Name("experts"), Add(linear.Weight, part));
        graph.Same(name, OnnxType.Byte, [count, linear.Outputs / count, part.BytesPerRow], offset, part.ValueBytes);
        graph.Same(name + ".scales", OnnxType.Float, [count, linear.Outputs / count, part.BlocksPerRow], offset + part.ValueBytes, part.ScaleBytes);
        return (name, name + ".scales");
    }

    private string Multiply(string input, LinearDescription linear, int wanted)
    {
        var (part, offset) = Place(linear.Weight, wanted);
        var (name, rows) = (graph.Name("blocks"), linear.Outputs);
        graph.Same(name, OnnxType.Byte, [rows, part.BlocksPerRow, part.Block * part.Bits / 8], offset, part.ValueBytes);
        graph.Same(name + ".scales", OnnxType.Float, [rows, part.BlocksPerRow], offset + part.ValueBytes, part.ScaleBytes);
        if (part.HasZeroPoints) graph.Same(name + ".zeros", OnnxType.Byte, [rows, part.ZeroBytesPerRow], offset + part.Length - part.ZeroBytes, part.ZeroBytes);
        if (part.Order is { } order) input = graph.Node("Gather", [input, graph.Wholes([.. order.Select(i => (long)i)])], ("axis", -1));
        if (part.SumColumns > 0) input = WithSums(input, linear, part);
        string[] inputs = [input, name, name + ".scales", part.HasZeroPoints ? name + ".zeros" : "", "", linear.Bias is { } bias ? graph.Weights(bias, bias.Rows) : ""];
        while (inputs[^1].Length == 0) inputs = inputs[..^1];
        return graph.Node("com.microsoft:MatMulNBits", inputs, ("K", linear.Inputs + part.SumColumns), ("N", (int)rows), ("bits", part.Bits), ("block_size", part.Block), ("accuracy_level", 4));
    }

    /// <summary>The inputs, and behind them the sum of each block of them, as many times as <see cref="BlockPart.SumColumns"/> says.</summary>
    private string WithSums(string input, LinearDescription linear, BlockPart part)
    {
        var digits = part.SumColumns * part.Block / linear.Inputs;
        var weights = graph.Reals($"sums {part.Block} {digits}", [part.Block, digits], [.. Enumerable.Range(0, part.Block).SelectMany(_ => (float[])[1, 1f / 16]).Where((_, at) => at % 2 < digits)]);
        var sums = graph.Node("MatMul", [graph.Node("Reshape", [input, graph.Wholes(0, 0, -1, part.Block)]), weights]);
        return graph.Node("Concat", [input, graph.Node("Reshape", [sums, graph.Wholes(0, 0, part.SumColumns)])], ("axis", -1));
    }

    private (BlockPart Part, long Offset) Place(WeightSource source, int wanted)
    {
        if (_placed.TryGetValue(source, out var known)) return known;
        var part = source.Blocks(graph.Checkpoint) is { } stored && (stored.Bits <= wanted || wanted == 8) && (!stored.HasMinima || source.Width % stored.BlockSize == 0)
            ? BlockPart.Carried(source, stored)
            : BlockPart.Rounded(source, wanted, Block);
        return _placed[source] = (part, Add(source, part));
    }

    private long Add(WeightSource source, BlockPart part) => graph.Data.Add(source.Names.FirstOrDefault() ?? "blocks", part.Length, output => part.Write(graph.Checkpoint, output, graph.Cancellation));
}
