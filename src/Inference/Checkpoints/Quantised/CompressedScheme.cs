using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>The formats of compressed-tensors for weights of whole numbers and of 8-bit floats.</summary>
internal static class CompressedScheme
{
    private static readonly string[] _known = ["pack-quantized", "float-quantized", "int-quantized", "naive-quantized", "mixed-precision", "dense"];
    private static readonly int[] Widths = [2, 4, 8];

    public static void Take(TensorPool pool, JsonElement? settings)
    {
        var groups = settings.Member("config_groups") is { ValueKind: JsonValueKind.Object } listed ? listed.EnumerateObject().Select(group => (JsonElement?)group.Value).ToList() : [];
        foreach (var format in groups.Select(group => group.Text("format")).Append(settings.Text("format")).OfType<string>())
            if (!_known.Contains(format)) throw new ModelRefusedException($"{pool.Folder} is compressed as {OnnxReader.Shown(format)}, which this engine does not read: use another form of the model.");
        if (settings.Member("sparsity_config").Text("format") is { } sparse && sparse != "dense")
            throw new ModelRefusedException($"{pool.Folder} leaves out weights that are zero ({OnnxReader.Shown(sparse)}), which this engine does not read: use another form of the model.");
        var block = groups.Select(group => group.Member("weights").Numbers("block_structure")).OfType<IReadOnlyList<long>>().FirstOrDefault();
        foreach (var name in pool.Before(".weight_packed")) pool.Made[name + ".weight"] = Packed(pool, name);
        foreach (var name in pool.Before(".weight_scale"))
        {
            var (stored, scales) = (pool.Take(name + ".weight"), pool.Take(name + ".weight_scale"));
            pool.Made[name + ".weight"] = stored.Type == StoredType.I8
                ? Bytes(pool, stored, scales, pool.TryTake(name + ".weight_zero_point"))
                : FloatScheme.Weight(pool, stored, scales, block is [> 0 and <= 65536 and var outputs, > 0 and <= 65536 and var inputs] ? (outputs, inputs) : null);
            if (stored.Type != StoredType.I8) pool.TryTake(name + ".weight_zero_point");
        }
        foreach (var suffix in new[] { ".input_scale", ".input_zero_point", ".output_scale", ".output_zero_point", ".k_scale", ".v_scale" }) pool.Drop(suffix);
    }

    private static PackedWeight Packed(TensorPool pool, string name)
    {
        var (words, scales, zeros, order) = (pool.Take(name + ".weight_packed"), pool.Take(name + ".weight_scale"), pool.TryTake(name + ".weight_zero_point"), pool.TryTake(name + ".weight_g_idx"));
        var size = pool.Take(name + ".weight_shape");
        if (words is not { Type: StoredType.I32, Shape: [var outputs, > 0 and var columns] }) throw TensorPool.Odd(words);
        if (size is not { Type: StoredType.I64 or StoredType.I32, Shape: [2] }) throw TensorPool.Odd(size);
        var said = new float[2];
        size.ReadNumbers(0, said);
        if (said[0] != outputs || said[1] is not (> 0 and <= 1 << 24)) throw TensorPool.Odd(size);
        var inputs = (int)said[1];
        var bits = Widths.FirstOrDefault(bits => (inputs + 32 / bits - 1) / (32 / bits) == columns);
        if (bits == 0) throw TensorPool.Odd(words);
        if (scales is not { Shape: [_, > 0 and var groups] } || groups > inputs) throw TensorPool.Odd(scales);
        TensorPool.Expect(scales, outputs, groups);
        if (zeros is not null && zeros.Type != StoredType.I32) throw TensorPool.Odd(zeros);
        if (zeros is not null) TensorPool.Expect(zeros, (outputs + 32 / bits - 1) / (32 / bits), groups);
        var shape = new GroupedShape(outputs, inputs, bits, (int)groups, order is { Count: > 0 } ? GptqScheme.Groups(pool, order, inputs, (int)groups) : null);
        return shape.GroupOf is not null || (inputs + shape.Group - 1) / shape.Group == groups ? new(shape, words, zeros, scales) : throw TensorPool.Odd(scales);
    }

    private static ByteWeight Bytes(TensorPool pool, StoredTensor stored, StoredTensor scales, StoredTensor? zeros)
    {
        if (stored is not { Shape: [> 0 and var outputs, > 0 and <= 1 << 24 and var inputs] }) throw TensorPool.Odd(stored);
        var groups = scales.Shape switch { [] or [1] => 1, [var rows] when rows == outputs => 1, [var rows, > 0 and var each] when rows == outputs && inputs % each == 0 => (int)each, _ => throw TensorPool.Odd(scales) };
        if (zeros is not null && (zeros.Type != StoredType.I8 || zeros.Count != scales.Count)) throw TensorPool.Odd(zeros);
        return new(new(outputs, (int)inputs, 8, groups), stored, scales, zeros, 1);
    }
}
