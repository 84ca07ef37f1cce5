using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>A mixture of experts. Routing that the operator does not know is computed before it: it gets logarithms of the weights wanted, whose softmax gives them back.</summary>
internal sealed class ExpertsGraph(GraphBuilder graph, IProducts products, FeedForwardGraph feedForward)
{
    private const float Never = -1e9f;

    public string Write(ExpertsDescription experts, string input)
    {
        var scores = graph.Node("Reshape", [Routed(experts.Router, input), graph.Wholes(-1, experts.Count)]);
        string mixed;
        if (experts.Routing is { Kind: RoutingKind.Softmax, Correction: null, Groups: 1 })
        {
            mixed = products.Experts(input, scores, experts);
            if (!experts.Routing.Normalizes)
            {
                var shares = graph.Nodes("TopK", [graph.Node("Softmax", [scores], ("axis", -1)), graph.Wholes(experts.Used)], 2, ("axis", -1), ("largest", 1), ("sorted", 1))[0];
                mixed = Weighed(mixed, shares, input);
            }
            mixed = graph.Multiply(mixed, experts.Routing.Factor);
        }
        else if (experts.Routing.Kind == RoutingKind.ScaledInput)
        {
            var best = graph.Node("ReduceMax", [Routed(experts.Router, input), graph.Wholes(-1)], ("keepdims", 1));
            mixed = products.Experts(graph.Node("Mul", [input, graph.Node("Sigmoid", [best])]), scores, experts);
        }
        else
        {
            var weights = experts.Routing.Kind == RoutingKind.SparseMixer ? Mixer(experts, scores) : Chosen(experts, scores);
            var logits = graph.Node("Where", [graph.Node("Greater", [weights, graph.Real(0)]), graph.Node("Log", [graph.Node("Max", [weights, graph.Real(1e-30f)])]), graph.Real(Never)]);
            mixed = products.Experts(input, logits, experts);
            if (!experts.Routing.Normalizes) mixed = Weighed(mixed, weights, input);
            mixed = graph.Multiply(mixed, experts.Routing.Factor);
        }
        if (experts.Shared is not { } shared) return mixed;
        var all = feedForward.Write(shared, input);
        if (experts.SharedGate is { } gate) all = graph.Node("Mul", [all, graph.Node("Sigmoid", [Routed(gate, input)])]);
        return graph.Node("Add", [mixed, all]);
    }

    /// <summary>The operator makes weights sum to one; this gives them their sum back.</summary>
    private string Weighed(string mixed, string weights, string input)
    {
        var sum = graph.Node("ReduceSum", [weights, graph.Wholes(-1)], ("keepdims", 1));
        var like = graph.Node("Concat", [graph.Node("Slice", [graph.Node("Shape", [input]), graph.Wholes(0), graph.Wholes(2)]), graph.Wholes(1)], ("axis", 0));
        return graph.Node("Mul", [mixed, graph.Node("Reshape", [sum, like])]);
    }

    /// <summary>Which experts a token takes hangs on small differences: their scores are computed in full precision whatever the weights are.</summary>
    private string Routed(LinearDescription router, string input)
    {
        var product = graph.Node("com.microsoft:FusedMatMul", [input, graph.Weights(router.Weight, router.Outputs, router.Inputs)], ("transB", 1));
        return router.Bias is { } bias ? graph.Node("Add", [product, graph.Weights(bias, bias.Rows)]) : product;
    }

    /// <summary>The weights of the experts chosen, zero for the others.</summary>
    private string Chosen(ExpertsDescription experts, string scores)
    {
        var routing = experts.Routing;
        var weights = routing.Kind == RoutingKind.Sigmoid ? graph.Node("Sigmoid", [scores]) : graph.Node("Softmax", [scores], ("axis", -1));
        var choice = routing.Correction is { } correction ? graph.Node("Add", [weights, graph.Weights(correction, 1, experts.Count)]) : weights;
        if (routing.Groups > 1) choice = OfGroups(experts, choice);
        return graph.Node("Mul", [weights, Best(choice, experts.Used, experts.Count)]);
    }

    /// <summary>Ones at the best so many of the last axis, zeros elsewhere.</summary>
    private string Best(string choice, int count, int of)
    {
        var top = graph.Nodes("TopK", [choice, graph.Wholes(count)], 2, ("axis", -1), ("largest", 1), ("sorted", 1));
        var marks = graph.Node("OneHot", [top[1], graph.Wholes(of), graph.Reals("off_on", [2], [0, 1])], ("axis", -1));
        return graph.Node("ReduceSum", [marks, graph.Wholes(-2)], ("keepdims", 0));
    }

    private string OfGroups(ExpertsDescription experts, string choice)
    {
        var (routing, each) = (experts.Routing, experts.Count / experts.Routing.Groups);
        var grouped = graph.Node("Reshape", [choice, graph.Wholes(0, routing.Groups, each)]);
        var worth = routing.GroupsByTwo
            ? graph.Node("ReduceSum", [graph.Nodes("TopK", [grouped, graph.Wholes(Math.Min(2, each))], 2, ("axis", -1), ("largest", 1), ("sorted", 1))[0], graph.Wholes(-1)], ("keepdims", 0))
            : graph.Node("ReduceMax", [grouped, graph.Wholes(-1)], ("keepdims", 0));
        var open = graph.Node("Unsqueeze", [Best(worth, routing.UsedGroups, routing.Groups), graph.Wholes(-1)]);
        return graph.Node("Reshape", [graph.Node("Where", [graph.Node("Greater", [open, graph.Real(0)]), grouped, graph.Real(routing.GroupsByTwo ? 0 : Never)]), graph.Wholes(0, experts.Count)]);
    }

    /// <summary>The best expert and the best of the others, each weighed among those that come close to it.</summary>
    private string Mixer(ExpertsDescription experts, string scores)
    {
        var first = Among(experts, scores, scores);
        var rest = graph.Node("Where", [graph.Node("Greater", [first.Mark, graph.Real(0)]), graph.Real(float.MinValue), scores]);
        var second = Among(experts, scores, rest);
        return graph.Node("Add", [first.Weights, second.Weights]);
    }

    private (string Mark, string Weights) Among(ExpertsDescription experts, string scores, string open)
    {
        var best = graph.Node("ReduceMax", [open, graph.Wholes(-1)], ("keepdims", 1));
        var scale = graph.Node("Max", [graph.Node("Abs", [scores]), best]);
        var far = graph.Node("Greater", [graph.Node("Div", [graph.Node("Sub", [best, scores]), scale]), graph.Real(2 * experts.Routing.Jitter)]);
        var shares = graph.Node("Softmax", [graph.Node("Where", [far, graph.Real(float.MinValue), open])], ("axis", -1));
        var mark = Best(open, 1, experts.Count);
        return (mark, graph.Node("Mul", [shares, mark]));
    }
}
