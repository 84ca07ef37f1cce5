using ModelAtlas.Inference.Kernels;
using ModelAtlas.Inference.Models.Onnx;
using ModelAtlas.Inference.Tests.Kernels;

namespace ModelAtlas.Inference.Tests.Models;

/// <summary>Fewer nodes that give the same, and when all stay.</summary>
public sealed class NodeFusionTests
{
    private const int Blocks = 4;
    private static readonly GraphRewriter _rewriter = new(QuickActivations: false, OwnProducts: true, LogitsOutput: null);

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, false)]
    [InlineData(1, true)]
    [InlineData(5, true)]
    public void A_gate_is_part_of_its_products(int rows, bool turned)
    {
        Assert.SkipUnless(BlockProduct.IsSupported, "This processor has no AVX2.");
        var model = Gated(turned).Output("y", 1, "rows", 35).Model();
        var rewritten = Assert.IsType<byte[]>(_rewriter.Rewrite(model));
        Assert.Equal([OrtCustomOperator.Gated], GraphRewriterTests.Nodes(rewritten).Select(node => node.Operator));
        var values = new GeneratedProduct(new Random(rows), 35, Blocks, hasZeros: false).Activations(rows);
        AssertSame(model, rewritten, values, rows);
    }

    [Fact]
    public void A_gate_whose_parts_somebody_else_reads_stays()
    {
        var asResult = Gated(turned: false).Output("y", 1, "rows", 35).Output("silu", 1, "rows", 35);
        var byAnother = Gated(turned: false).Node("Neg", ["sig"], ["other"]).Output("y", 1, "rows", 35).Output("other", 1, "rows", 35);
        foreach (var model in new[] { asResult, byAnother })
            Assert.Equal([OrtCustomOperator.Name(2), "Sigmoid", "Mul", "Mul"], GraphRewriterTests.Nodes(Assert.IsType<byte[]>(_rewriter.Rewrite(model.Model()))).Select(node => node.Operator).Take(4));
    }

    [Fact]
    public void A_sum_and_its_norm_are_one_node_which_gives_both()
    {
        Assert.SkipUnless(BlockProduct.IsSupported, "This processor has no AVX2.");
        const int Rows = 3;
        var random = new Random(7);
        var model = Normed(["y0", "x"]).Model();
        var rewritten = Assert.IsType<byte[]>(_rewriter.Rewrite(model));
        Assert.Equal([OrtCustomOperator.Name(1), "SkipSimplifiedLayerNormalization"], GraphRewriterTests.Nodes(rewritten).Select(node => node.Operator));
        AssertSame(model, rewritten, new GeneratedProduct(random, 1, Blocks, hasZeros: false).Activations(Rows), Rows);
    }

    [Fact]
    public void A_sum_with_a_constant_keeps_its_norm()
    {
        var model = Normed(["y0", "bias"]).Floats("bias", [Blocks * GeneratedProduct.Block], new float[Blocks * GeneratedProduct.Block]).Model();
        Assert.Equal([OrtCustomOperator.Name(1), "Add", "SimplifiedLayerNormalization"], GraphRewriterTests.Nodes(Assert.IsType<byte[]>(_rewriter.Rewrite(model))).Select(node => node.Operator));
    }

    /// <summary>Silu of one product times another, as exports write it.</summary>
    private static OnnxWriter Gated(bool turned)
    {
        var random = new Random(3);
        GeneratedProduct[] products = [new(random, 35, Blocks, hasZeros: false), new(random, 35, Blocks, hasZeros: true)];
        var model = new OnnxWriter().Input("x", 1, "rows", Blocks * GeneratedProduct.Block);
        for (var at = 0; at < 2; at++)
        {
            model.Node("MatMulNBits", at == 0 ? ["x", "w0", "s0"] : ["x", "w1", "s1", "z1"], [$"y{at}"], "com.microsoft", products[at].Attributes());
            products[at].Write(at)(model);
        }
        var (gate, up) = turned ? ("y1", "y0") : ("y0", "y1");
        return model.Node("Sigmoid", [gate], ["sig"]).Node("Mul", turned ? ["sig", gate] : [gate, "sig"], ["silu"]).Node("Mul", turned ? [up, "silu"] : ["silu", up], ["y"]);
    }

    private static OnnxWriter Normed(string[] summands)
    {
        const int Width = Blocks * GeneratedProduct.Block;
        var product = new GeneratedProduct(new Random(5), Width, Blocks, hasZeros: false);
        var model = new OnnxWriter().Input("x", 1, "rows", Width).Node("MatMulNBits", ["x", "w0", "s0"], ["y0"], "com.microsoft", product.Attributes())
            .Node("Add", summands, ["sum"]).Node("SimplifiedLayerNormalization", ["sum", "norm"], ["normed"], "", OnnxWriter.Real("epsilon", 1e-5f), OnnxWriter.Whole("axis", -1))
            .Floats("norm", [Width], Enumerable.Range(0, Width).Select(at => 1 + (at % 3f))).Output("sum", 1, "rows", Width).Output("normed", 1, "rows", Width);
        product.Write(0)(model);
        return model;
    }

    private static void AssertSame(byte[] model, byte[] rewritten, float[] values, int rows)
    {
        var (theirs, ours) = (GeneratedProduct.Run(model, values, rows), GeneratedProduct.Run(rewritten, values, rows));
        Assert.Equal(theirs.Count, ours.Count);
        for (var at = 0; at < theirs.Count; at++)
        {
            var size = theirs[at].Max(MathF.Abs);
            for (var number = 0; number < theirs[at].Length; number++) Assert.Equal(theirs[at][number], ours[at][number], 3e-3f * size); // theirs may be computed with finer activations
        }
    }
}
