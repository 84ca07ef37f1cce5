using ModelAtlas.Inference.Architectures.Describing;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>The attention of a layer: what one fused operator cannot do is done before and behind it.</summary>
internal sealed class AttentionGraph(GraphBuilder graph, GraphInputs inputs, IProducts products, RotaryTables tables)
{
    private readonly Dictionary<string, string> _biases = new(StringComparer.Ordinal);

    public string Write(AttentionDescription attention, string input, int layer)
    {
        var packed = products.Multiply(input, attention.Input);
        if (attention.Clip > 0) packed = graph.Node("Clip", [packed, graph.Real(-attention.Clip), graph.Real(attention.Clip)]);
        var (size, inside) = (attention.HeadSize, RotatesInside(attention) && !attention.NormsRotated);
        var plain = attention.QueryNorm is null && attention.KeyNorm is null && attention.Growth is null && size % 8 == 0 && (attention.Rotary is null || inside);
        string[] parts = [packed, "", ""];
        if (!plain)
        {
            long queries = attention.Heads * size, keys = attention.KeyValueHeads * size;
            parts = graph.Nodes("Split", [packed, graph.Wholes(queries, keys, keys)], 3, ("axis", -1));
            parts[0] = Prepared(attention, parts[0], attention.Heads, attention.QueryNorm, inside);
            parts[1] = Prepared(attention, parts[1], attention.KeyValueHeads, attention.KeyNorm, inside);
            if (attention.Growth is { } growth) parts[0] = graph.Node("Mul", [parts[0], Growth(growth)]);
        }
        var seen = Fused(attention, parts, inside ? attention.Rotary : null, attention.KeyValueHeads, size, size, layer, Window(attention), attention.SoftCap, Bias(attention), Sinks(attention));
        return products.Multiply(seen, attention.Output);
    }

    public string Write(LatentAttentionDescription attention, string input, int layer)
    {
        var (heads, size, rotated, kept) = (attention.Heads, attention.HeadSize, attention.RotatedSize, attention.HeadSize - attention.RotatedSize);
        var queried = input;
        if (attention.QueryDown is { } down)
        {
            queried = products.Multiply(input, down);
            if (attention.QueryNorm is { } norm) queried = Norms.Write(graph, queried, norm, down.Outputs);
        }
        var query = products.Multiply(queried, attention.Query);
        var small = graph.Nodes("Split", [products.Multiply(input, attention.Down), graph.Wholes(attention.LatentSize, rotated)], 2, ("axis", -1));
        var latent = Norms.Write(graph, small[0], attention.DownNorm, attention.LatentSize);
        var wide = graph.Nodes("Split", [products.Multiply(latent, attention.Up), graph.Wholes((long)heads * kept, (long)heads * attention.ValueSize)], 2, ("axis", -1));
        var own = graph.Node("Reshape", [wide[0], graph.Wholes(0, 0, heads, kept)]);
        var shared = graph.Node("Expand", [graph.Node("Unsqueeze", [small[1], graph.Wholes(2)]), graph.Wholes(1, 1, heads, 1)]);
        var key = graph.Node("Reshape", [graph.Node("Concat", [shared, own], ("axis", -1)), graph.Wholes(0, 0, (long)heads * size)]);
        var padded = (Math.Max(size, attention.ValueSize) + 7) / 8 * 8; // keys and values share one size there
        var inside = RotatesInside(attention) && padded % 16 == 0;
        if (!inside) (query, key) = (Rotated(attention, query, heads), Rotated(attention, key, heads));
        (query, key) = (Padded(query, heads, size, padded), Padded(key, heads, size, padded));
        var value = Padded(wide[1], heads, attention.ValueSize, padded);
        var seen = Fused(attention, [query, key, value], inside ? attention.Rotary : null, heads, padded, attention.ValueSize, layer, 0, 0, "", "");
        return products.Multiply(seen, attention.Output);
    }

    /// <summary>The operator rotates sizes that are a multiple of 16.</summary>
    private static bool RotatesInside(AttentionForm attention) =>
        attention.Rotary is { Long: null } rotary && attention.HeadSize % 16 == 0 && rotary.Size % 16 == 0;

    private string Fused(AttentionForm attention, string[] parts, RotaryDescription? rotary, int cached, int size, int valueSize, int layer, int window, float softCap, string bias, string sinks)
    {
        var padded = (size + 7) / 8 * 8;
        if (padded != size)
            parts = [Padded(parts[0], attention.Heads, size, padded), Padded(parts[1], cached, size, padded), Padded(parts[2], cached, size, padded)];
        var (cosines, sines, _) = rotary is null ? ("", "", null) : tables.Of(rotary);
        var (pastKey, pastValue, key, value) = ($"past_key_values.{layer}.key", $"past_key_values.{layer}.value", $"present.{layer}.key", $"present.{layer}.value");
        foreach (var past in new[] { pastKey, pastValue }) graph.Onnx.Input(past, graph.RealType, "batch", cached, "past", padded);
        foreach (var present in new[] { key, value }) graph.Onnx.Output(present, graph.RealType, "batch", cached, "present", padded);
        string[] given = [.. parts, pastKey, pastValue, inputs.Lengths, inputs.Total32, cosines, sines, "", bias, sinks];
        while (given[^1].Length == 0) given = given[..^1];
        List<OnnxAttribute> attributes = [("num_heads", attention.Heads), ("kv_num_heads", cached), ("scale", attention.Scale)];
        if (rotary is not null) attributes.AddRange([("do_rotary", 1), ("rotary_interleaved", rotary.Interleaved ? 1 : 0)]);
        if (window > 0) attributes.Add(("local_window_size", window));
        if (softCap > 0) attributes.Add(("softcap", softCap));
        var seen = graph.Name("attention");
        graph.Onnx.Node("com.microsoft:GroupQueryAttention", given, [seen, key, value], [.. attributes]);
        return valueSize == padded ? seen : Cut(seen, attention.Heads, padded, valueSize);
    }

    private string Prepared(AttentionDescription attention, string part, int heads, NormDescription? norm, bool rotatesInside)
    {
        if (!attention.NormsRotated) part = Normed(attention, part, heads, norm);
        if (!rotatesInside) part = Rotated(attention, part, heads);
        return attention.NormsRotated ? Normed(attention, part, heads, norm) : part;
    }

    private string Normed(AttentionDescription attention, string part, int heads, NormDescription? norm)
    {
        if (norm is null) return part;
        var size = attention.HeadSize;
        if (!attention.NormsHeads) return Norms.Write(graph, part, norm, (long)heads * size);
        var split = graph.Node("Reshape", [part, graph.Wholes(0, 0, heads, size)]);
        string normed;
        if (norm.Weight.Rows == size) normed = Norms.Write(graph, split, norm, size);
        else
        {
            var even = Norms.Write(graph, split, norm with { Weight = new ConstantRows(size, 1, 1), Bias = null }, size);
            normed = graph.Node("Mul", [even, graph.Weights(norm.Weight, heads, size)]);
        }
        return graph.Node("Reshape", [normed, graph.Wholes(0, 0, (long)heads * size)]);
    }

    private string Rotated(AttentionForm attention, string part, int heads)
    {
        if (attention.Rotary is not { } rotary) return part;
        var (cosines, sines, positions) = tables.Of(rotary);
        List<OnnxAttribute> attributes = [("interleaved", rotary.Interleaved ? 1 : 0)];
        if (rotary.Size != attention.HeadSize) attributes.AddRange([("num_heads", heads), ("rotary_embedding_dim", rotary.Size)]);
        return graph.Node("com.microsoft:RotaryEmbedding", [part, positions ?? inputs.Positions, cosines, sines], [.. attributes]);
    }

    /// <summary>Zeros behind each head.</summary>
    private string Padded(string part, int heads, int size, int wanted)
    {
        if (size == wanted) return part;
        var split = graph.Node("Reshape", [part, graph.Wholes(0, 0, heads, size)]);
        return graph.Node("Reshape", [graph.Node("Pad", [split, graph.Wholes(0, 0, 0, 0, 0, 0, 0, wanted - size)]), graph.Wholes(0, 0, (long)heads * wanted)]);
    }

    private string Cut(string part, int heads, int size, int wanted)
    {
        var split = graph.Node("Reshape", [part, graph.Wholes(0, 0, heads, size)]);
        return graph.Node("Reshape", [graph.Node("Slice", [split, graph.Wholes(0), graph.Wholes(wanted), graph.Wholes(3)]), graph.Wholes(0, 0, (long)heads * wanted)]);
    }

    private string Growth(QueryGrowth growth)
    {
        var position = graph.Node("Cast", [inputs.Positions], ("to", (int)OnnxType.Float));
        var steps = graph.Node("Floor", [graph.Node("Div", [graph.Node("Add", [position, graph.Real(1)]), graph.Real(growth.Floor)])]);
        var grown = graph.Node("Add", [graph.Multiply(graph.Node("Log", [graph.Node("Add", [steps, graph.Real(1)])]), growth.Scale), graph.Real(1)]);
        return graph.Node("Unsqueeze", [grown, graph.Wholes(2)]);
    }

    private static int Window(AttentionDescription attention) => attention.Window;

    private string Sinks(AttentionDescription attention) => attention.Sinks is { } sinks ? graph.Weights(sinks, attention.Heads) : "";

    /// <summary>What is added to the scores, [batch or 1, heads or 1, length, total].</summary>
    private string Bias(AttentionDescription attention)
    {
        if (attention.Alibi is null && attention.Chunk == 0) return "";
        var key = $"{attention.Alibi?.Key} {attention.Chunk}";
        if (!_biases.TryGetValue(key, out var bias))
        {
            var slope = attention.Alibi is { } alibi ? Slopes(alibi) : null;
            var wall = attention.Chunk > 0 ? Walls(attention.Chunk) : null;
            _biases[key] = bias = slope is null || wall is null ? slope ?? wall ?? "" : graph.Node("Add", [slope, wall]);
        }
        return bias;
    }

    /// <summary>A softmax does not see what all its scores share, so that the place of the key says as much as its distance.</summary>
    private string Slopes(AlibiDescription alibi)
    {
        var slopes = graph.Reals(graph.Name("slopes"), [1, alibi.Slopes.Count, 1, 1], [.. alibi.Slopes]);
        var falling = graph.Node("Mul", [slopes, graph.Node("Cast", [inputs.Places], ("to", (int)OnnxType.Float))]);
        if (alibi.Rounded) falling = graph.Node("Cast", [graph.Node("Cast", [falling], ("to", (int)OnnxType.BFloat16))], ("to", (int)OnnxType.Float));
        falling = graph.Multiply(falling, alibi.Factor);
        var shape = graph.Node("Concat", [graph.Wholes(1, 1), graph.Node("Slice", [graph.Node("Shape", [GraphInputs.Ids]), graph.Wholes(1), graph.Wholes(2)]), graph.Wholes(1)], ("axis", 0));
        return graph.Node("Expand", [falling, shape]);
    }

    private string Walls(int chunk)
    {
        var asking = graph.Node("Unsqueeze", [graph.Node("Div", [inputs.Positions, graph.Whole(chunk)]), graph.Wholes(1, 3)]);
        var asked = graph.Node("Div", [inputs.Places, graph.Whole(chunk)]);
        return graph.Node("Where", [graph.Node("Equal", [asking, asked]), graph.Real(0), graph.Real(-1e9f)]);
    }
}
