using ModelAtlas.Inference.Kernels;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Caches kept in 16 bits in place of 32: what writes and reads them is our attention instead of GroupQueryAttention, where that one uses nothing that ours lacks (a window, a cap, sinks, a bias).</summary>
internal static class NarrowCaches
{
    private const int InputsOfOurs = 9;

    /// <param name="caches">Those that may be narrowed.</param>
    /// <param name="instead">Gets the nodes that stand in for others, by their first output.</param>
    /// <returns>The inputs and outputs of the graph that are of 16 bits then.</returns>
    public static HashSet<string> Find(NodeMap map, IReadOnlyList<CachePort> caches, Dictionary<string, WireWriter?> instead)
    {
        var narrow = new HashSet<string>(StringComparer.Ordinal);
        var ports = caches.Where(cache => cache is { Type: OnnxType.Float, BatchAxis: 0 } && Attention.Takes(cache.Shape[3])).ToDictionary(cache => cache.Past, StringComparer.Ordinal);
        if (ports.Count == 0 || map.HasBranches) return narrow;
        foreach (var node in map.Nodes)
        {
            if (!IsOurs(node) || !ports.TryGetValue(node.Inputs[3], out var keys) || !ports.TryGetValue(node.Inputs[4], out var values)) continue;
            if (keys.Present != node.Outputs[1] || values.Present != node.Outputs[2] || !keys.Shape.SequenceEqual(values.Shape) || node.Numbers["kv_num_heads"] != keys.Shape[1]) continue;
            string[] names = [keys.Past, keys.Present, values.Past, values.Present];
            if (names.Sum(name => map.Readers(name).Count) != 2) continue; // somebody else reads them
            narrow.UnionWith(names);
            instead[node.Outputs[0]] = Ours(node);
        }
        return narrow;
    }

    /// <summary>An input or output of the graph as it is, of 16 bits.</summary>
    public static WireWriter Narrowed(ReadOnlySpan<byte> port) => Within(port, 2, kind => Within(kind, 1, tensor =>
    {
        var written = new WireWriter();
        for (var reader = new WireReader(tensor); reader.Next();)
            if (reader is { Field: 1, Kind: WireKind.Varint }) written.Number(1, (long)OnnxType.Half);
            else written.Copy(tensor[reader.Start..reader.End]);
        return written;
    }));

    private delegate WireWriter Change(ReadOnlySpan<byte> message);

    private static WireWriter Within(ReadOnlySpan<byte> message, int field, Change change)
    {
        var written = new WireWriter();
        for (var reader = new WireReader(message); reader.Next();)
            if (reader.Field == field && reader.Kind == WireKind.Bytes) written.Message(field, change(reader.Bytes));
            else written.Copy(message[reader.Start..reader.End]);
        return written;
    }

    private static bool IsOurs(OnnxNode node)
    {
        if (node is not { Operator: "GroupQueryAttention", Domain: "com.microsoft", Outputs: [_, { Length: > 0 }, { Length: > 0 }], Inputs.Count: >= 7 } || node.Inputs.Skip(InputsOfOurs).Any(input => input.Length > 0)) return false;
        var (heads, cacheHeads) = (node.Numbers.GetValueOrDefault("num_heads"), node.Numbers.GetValueOrDefault("kv_num_heads"));
        return heads is > 0 and <= int.MaxValue && cacheHeads > 0 && heads % cacheHeads == 0 && node.OtherAttributes.Count == 0
            && node.Numbers.All(setting => setting.Key switch
            {
                "num_heads" or "kv_num_heads" or "do_rotary" or "rotary_interleaved" => true,
                "local_window_size" => setting.Value == -1,
                "smooth_softmax" => setting.Value is 0 or -1,
                _ => setting.Value == 0,
            })
            && node.Fractions.All(setting => setting.Key == "scale" || setting.Value == 0);
    }

    private static WireWriter Ours(OnnxNode node)
    {
        var written = new WireWriter();
        foreach (var input in node.Inputs.Take(InputsOfOurs)) written.Text(1, input);
        foreach (var output in node.Outputs) written.Text(2, output);
        written.Text(4, OrtCustomOperator.Attention).Text(7, OrtCustomOperator.Domain);
        foreach (var name in new[] { "num_heads", "kv_num_heads", "do_rotary", "rotary_interleaved" }) written.Message(5, new WireWriter().Text(1, name).Number(3, node.Numbers.GetValueOrDefault(name)).Number(20, 2));
        return written.Message(5, new WireWriter().Text(1, "scale").Real(2, node.Fractions.GetValueOrDefault("scale")).Number(20, 1));
    }
}
