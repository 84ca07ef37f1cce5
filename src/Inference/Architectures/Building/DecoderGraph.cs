using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Writes the graph of a description in the layout that the engine runs fastest: attention fused, past and present one buffer, logits of the last tokens only.</summary>
internal sealed class DecoderGraph
{
    private readonly GraphBuilder _graph;
    private readonly DecoderDescription _decoder;
    private readonly IProducts _products;
    private readonly GraphInputs _inputs;
    private readonly AttentionGraph _attention;
    private readonly FeedForwardGraph _feedForward;
    private readonly ExpertsGraph _experts;

    private DecoderGraph(GraphBuilder graph, DecoderDescription decoder, IProducts products)
    {
        (_graph, _decoder, _products) = (graph, decoder, products);
        _inputs = new(graph);
        _attention = new(graph, _inputs, products, new(graph, _inputs, decoder.Context));
        _feedForward = new(graph, products);
        _experts = new(graph, products, _feedForward);
    }

    public static void Write(GraphBuilder graph, DecoderDescription decoder, IProducts products) => new DecoderGraph(graph, decoder, products).Write();

    private void Write()
    {
        _graph.Onnx.Note(OnnxNotes.Context, $"{_decoder.Context}");
        var stream = new ResidualStream(_graph, _decoder.Width, Embedded(_decoder.Embedding));
        foreach (var (number, layer) in _decoder.Layers.Index()) Layer(stream, layer, number);
        stream.Keep(Last);
        var hidden = stream.Normed(_decoder.FinalNorm);
        var head = _decoder.Head;
        if (head.Before is { } before) hidden = _products.Multiply(hidden, before);
        var logits = _graph.Multiply(_products.Head(hidden, head.Projection), head.Multiplier);
        if (head.SoftCap > 0) logits = _graph.Multiply(_graph.Node("Tanh", [_graph.Multiply(logits, 1 / head.SoftCap)]), head.SoftCap);
        _graph.Onnx.Node("Identity", [logits], ["logits"]);
        _graph.Onnx.Output("logits", OnnxType.Float, "batch", "kept", _decoder.Vocabulary);
    }

    private string Embedded(EmbeddingDescription embedding)
    {
        var value = _graph.Multiply(_products.Look(GraphInputs.Ids, embedding.Table), embedding.Multiplier);
        if (embedding.Projection is { } projection) value = _products.Multiply(value, projection);
        if (embedding.Positions is { } positions) value = _graph.Node("Add", [value, _graph.Node("Gather", [_graph.Weights(positions, positions.Rows, positions.Width), _inputs.Positions])]);
        return embedding.Norm is { } norm ? Norms.Write(_graph, value, norm, _decoder.Width) : value;
    }

    private void Layer(ResidualStream stream, LayerDescription layer, int number)
    {
        var read = stream.Normed(layer.BeforeAttention);
        var before = layer.Parallel && layer.BeforeFeedForward is { } second ? Norms.Write(_graph, stream.Value, second, _decoder.Width) : read;
        var seen = layer.Latent is { } latent ? _attention.Write(latent, read, number)
            : _attention.Write(layer.Attention ?? throw new InvalidOperationException("A layer attends."), read, number);
        seen = Behind(seen, layer.AfterAttention, layer);
        if (layer.Parallel)
        {
            stream.Add(_graph.Node("Add", [seen, Behind(Inner(layer, before), layer.AfterFeedForward, layer)]));
            return;
        }
        stream.Add(seen);
        if (layer.OfAttentionSum is { } sum) stream.Replace(stream.Normed(sum));
        stream.Add(Behind(Inner(layer, stream.Normed(layer.BeforeFeedForward)), layer.AfterFeedForward, layer));
        if (layer.OfFeedForwardSum is { } last) stream.Replace(stream.Normed(last));
    }

    private string Behind(string value, NormDescription? norm, LayerDescription layer) =>
        _graph.Multiply(norm is null ? value : Norms.Write(_graph, value, norm, _decoder.Width), layer.ResidualMultiplier);

    private string Inner(LayerDescription layer, string input) =>
        layer.Experts is { } experts ? _experts.Write(experts, input)
        : _feedForward.Write(layer.FeedForward ?? throw new InvalidOperationException("A layer has a feed-forward part."), input);

    /// <summary>The last so many tokens; all where that is none.</summary>
    private string Last(string value)
    {
        const string Keep = "num_logits_to_keep";
        if (_last is null)
        {
            _graph.Onnx.Input(Keep, OnnxType.Int64, 1);
            _last = _graph.Node("Neg", [Keep]);
        }
        return _graph.Node("Slice", [value, _last, _graph.Wholes(long.MaxValue), _graph.Wholes(1)]);
    }

    private string? _last;
}
