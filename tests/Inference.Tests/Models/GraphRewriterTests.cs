using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Tests.Models;

public sealed class GraphRewriterTests
{
    private static readonly GraphRewriter _both = new(QuickActivations: true, OwnProducts: false, LogitsOutput: "logits");

    [Theory]
    [InlineData(null, 4)]
    [InlineData(0L, 4)]
    [InlineData(1L, 1)]
    [InlineData(4L, 4)]
    public void Quick_activations_are_chosen_where_the_graph_leaves_them_open(long? stored, long want)
    {
        byte[][] attributes = [OnnxWriter.Whole("bits", 4), .. stored is { } level ? new[] { OnnxWriter.Whole("accuracy_level", level) } : []];
        var model = new OnnxWriter().Node("MatMulNBits", ["x", "w", "s"], ["y"], "com.microsoft", attributes).Node("Relu", ["y"], ["logits"]).Model();
        var nodes = Nodes(_both.Rewrite(model) ?? model);
        Assert.Equal(want, nodes[0].Numbers["accuracy_level"]);
        Assert.Equal(4, nodes[0].Numbers["bits"]);
        Assert.Equal(["x", "w", "s"], nodes[0].Inputs);
    }

    [Fact]
    public void The_last_tokens_hidden_state_alone_goes_into_the_head()
    {
        var model = new OnnxWriter().Node("Add", ["a", "b"], ["h"]).Node("MatMul", ["h", "w"], ["half"]).Node("Cast", ["half"], ["logits"], "", OnnxWriter.Whole("to", 1)).Model();
        var nodes = Nodes(Assert.IsType<byte[]>(_both.Rewrite(model)));
        Assert.Equal(["Add", "Constant", "Gather", "MatMul", "Cast"], nodes.Select(node => node.Operator));
        Assert.Equal(["h", nodes[1].Outputs[0]], nodes[2].Inputs);
        Assert.Equal(-1, nodes[1].Constant);
        Assert.Equal([nodes[2].Outputs[0], "w"], nodes[3].Inputs);
        Assert.True(_both.TrimsLogits(model));
    }

    [Fact]
    public void A_head_that_is_something_else_or_read_by_others_is_left_alone()
    {
        var add = new OnnxWriter().Node("Add", ["a", "b"], ["logits"]).Model();
        var shared = new OnnxWriter().Node("MatMul", ["h", "w"], ["half"]).Node("Cast", ["half"], ["logits"]).Node("Shape", ["half"], ["size"]).Model();
        foreach (var model in new[] { add, shared })
        {
            Assert.Null(_both.Rewrite(model));
            Assert.False(_both.TrimsLogits(model));
        }
    }

    internal static List<OnnxNode> Nodes(byte[] model)
    {
        var nodes = new List<OnnxNode>();
        for (var reader = new WireReader(model); reader.Next();)
            if (reader.Field == 7)
                for (var graph = new WireReader(reader.Bytes); graph.Next();)
                    if (graph.Field == 1) nodes.Add(OnnxNode.Read(graph.Bytes));
        return nodes;
    }
}
