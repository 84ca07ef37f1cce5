using Microsoft.ML.OnnxRuntime;
using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Models.Onnx;
using ModelAtlas.Inference.Tests.Models;

namespace ModelAtlas.Inference.Tests.Kernels;

/// <summary>Our kernel of 4-bit products against plain arithmetic, and in a session against ONNX Runtime's own.</summary>
public sealed class BlockProductTests
{
    private const int Block = GeneratedProduct.Block;

    public static TheoryData<int, int, int, bool> Shapes { get; } = [.. from rows in (int[])[1, 2, 4, 7, 70] from blocks in (int[])[1, 2, 9, 18] from outputs in (int[])[1, 8, 35] from hasZeros in (bool[])[false, true] select (rows, blocks, outputs, hasZeros)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public unsafe void Equals_plain_arithmetic_on_what_was_rounded(int rows, int blocks, int outputs, bool hasZeros)
    {
        RequireInstructions();
        var product = new GeneratedProduct(new Random((rows * 1000) + (blocks * 10) + outputs), outputs, blocks, hasZeros);
        var values = product.Activations(rows);
        var seen = new float[rows * outputs];
        fixed (byte* weights = product.Weights, zeros = product.Zeros)
        fixed (float* scales = product.Scales, from = values, into = seen)
        {
            var rounded = new RoundedRows(rows, blocks);
            for (var row = 0; row < rows; row++) rounded.Round(row, from + (row * blocks * Block));
            var middle = outputs / 2; // as two pieces
            BlockProduct.Multiply(new(outputs, blocks, weights, scales, hasZeros ? zeros : null), rounded, into, 0, middle);
            BlockProduct.Multiply(new(outputs, blocks, weights, scales, hasZeros ? zeros : null), rounded, into, middle, outputs);
        }
        for (var row = 0; row < rows; row++)
            for (var output = 0; output < outputs; output++)
            {
                var (expected, size) = product.Expected(values.AsSpan(row * blocks * Block, blocks * Block), output);
                Assert.True(Math.Abs(seen[(row * outputs) + output] - expected) <= 1e-5 * size, $"row {row}, output {output}: {seen[(row * outputs) + output]} instead of {expected}");
            }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void A_session_gives_what_it_gives_with_the_operator_of_ONNX_Runtime(int rows)
    {
        RequireInstructions();
        const int Blocks = 6;
        var random = new Random(rows);
        GeneratedProduct[] products = [new(random, 96, Blocks, hasZeros: false), new(random, 33, Blocks, hasZeros: true), new(random, 48, Blocks, hasZeros: false), new(random, 16, Blocks, hasZeros: true)];
        var model = Model(products, Blocks);
        var rewritten = Assert.IsType<byte[]>(new GraphRewriter(QuickActivations: true, OwnProducts: true, LogitsOutput: null).Rewrite(model));
        var values = products[0].Activations(rows);
        var (theirs, ours) = (GeneratedProduct.Run(model, values, rows), GeneratedProduct.Run(rewritten, values, rows));
        Assert.Equal(products.Length, ours.Count);
        for (var at = 0; at < theirs.Count; at++)
            for (var number = 0; number < theirs[at].Length; number++)
                Assert.Equal(theirs[at][number], ours[at][number], 2e-3f * theirs[at].Max(MathF.Abs)); // theirs may be computed with finer activations
    }

    [Fact]
    public void Products_of_the_same_activations_are_one_node_and_three_at_most()
    {
        GeneratedProduct[] products = [.. Enumerable.Range(0, 4).Select(_ => new GeneratedProduct(new Random(1), 16, 2, hasZeros: false))];
        var nodes = GraphRewriterTests.Nodes(Assert.IsType<byte[]>(new GraphRewriter(QuickActivations: true, OwnProducts: true, LogitsOutput: null).Rewrite(Model(products, 2))));
        Assert.Equal([OrtCustomOperator.Name(3), OrtCustomOperator.Name(1)], nodes.Select(node => node.Operator));
        Assert.Equal(["x", "w0", "s0", "", "w1", "s1", "", "w2", "s2", ""], nodes[0].Inputs);
        Assert.Equal(["y0", "y1", "y2"], nodes[0].Outputs);
    }

    [Fact]
    public void Other_products_stay_with_ONNX_Runtime()
    {
        var random = new Random(1);
        var product = new GeneratedProduct(random, 16, 2, hasZeros: false);
        byte[] Model(string[] attributes, long[] numbers, Action<OnnxWriter> tensors)
        {
            var writer = new OnnxWriter().Node("MatMulNBits", ["x", "w0", "s0"], ["y0"], "com.microsoft", [.. attributes.Zip(numbers, OnnxWriter.Whole)]);
            tensors(writer);
            return writer.Model();
        }
        string[] names = ["K", "N", "bits", "block_size", "accuracy_level"];
        var rewriter = new GraphRewriter(QuickActivations: false, OwnProducts: true, LogitsOutput: null);
        Assert.NotNull(rewriter.Rewrite(Model(names, [64, 16, 4, 32, 4], product.Write(0))));
        Assert.Null(rewriter.Rewrite(Model(names, [64, 16, 4, 32, 0], product.Write(0)))); // with float32 activations
        Assert.Null(rewriter.Rewrite(Model(names, [64, 16, 8, 32, 4], product.Write(0))));
        Assert.Null(rewriter.Rewrite(Model(names, [64, 16, 4, 64, 4], product.Write(0))));
        Assert.Null(rewriter.Rewrite(Model(names, [60, 16, 4, 32, 4], product.Write(0)))); // a last block that is not whole
        Assert.Null(rewriter.Rewrite(Model(names, [64, 16, 4, 32, 4], _ => { }))); // weights that another node makes
        Assert.Null(rewriter.Rewrite(Model(names, [64, 16, 4, 32, 4], writer => writer.Tensor(OnnxWriter.RawTensor("w0", 2, [16, 2, 16], product.Weights)).Tensor(OnnxWriter.RawTensor("s0", 10, [32], new byte[64]))))); // scales of 16 bits
    }

    [Fact]
    public void Scales_that_do_not_fit_are_refused_in_words()
    {
        RequireInstructions();
        var product = new GeneratedProduct(new Random(1), 16, 2, hasZeros: false);
        var model = new OnnxWriter().Node("MatMulNBits", ["x", "w0", "s0"], ["y0"], "com.microsoft", product.Attributes())
            .Input("x", 1, "rows", 64).Output("y0", 1, "rows", 16)
            .Tensor(OnnxWriter.RawTensor("w0", 2, [16, 2, 16], product.Weights)).Floats("s0", [31], product.Scales.Take(31));
        var rewritten = Assert.IsType<byte[]>(new GraphRewriter(QuickActivations: false, OwnProducts: true, LogitsOutput: null).Rewrite(model.Model()));
        var refusal = Assert.Throws<OnnxRuntimeException>(() => GeneratedProduct.Run(rewritten, product.Activations(1), 1));
        Assert.Contains("do not fit 16 outputs of 2 blocks", refusal.Message, StringComparison.Ordinal);
    }

    private static void RequireInstructions() => Assert.SkipUnless(BlockProduct.IsSupported, "This processor has no AVX2.");

    private static byte[] Model(GeneratedProduct[] products, int blocks)
    {
        var model = new OnnxWriter().Input("x", 1, "rows", blocks * Block);
        for (var at = 0; at < products.Length; at++)
        {
            model.Node("MatMulNBits", products[at].Zeros is null ? ["x", $"w{at}", $"s{at}"] : ["x", $"w{at}", $"s{at}", $"z{at}"], [$"y{at}"], "com.microsoft", products[at].Attributes());
            model.Output($"y{at}", 1, "rows", products[at].Outputs);
            products[at].Write(at)(model);
        }
        return model.Model();
    }
}
