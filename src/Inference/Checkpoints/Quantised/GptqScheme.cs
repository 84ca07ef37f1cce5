using System.Runtime.InteropServices;
using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>qweight, qzeros, scales and g_idx of AutoGPTQ and its successors.</summary>
internal static class GptqScheme
{
    public static void Take(TensorPool pool, JsonElement? settings)
    {
        var bits = Bits(pool, settings, [2, 3, 4, 8]);
        var zeroAbove = settings.Text("checkpoint_format") switch
        {
            null or "" or "gptq" => 1,
            "gptq_v2" => 0,
            var other => throw new ModelRefusedException($"{pool.Folder} is packed as {OnnxReader.Shown(other)}, which this engine does not read: use a file of the format gptq."),
        };
        foreach (var name in pool.Before(".qweight"))
        {
            var (words, zeros, scales, order) = (pool.Take(name + ".qweight"), pool.Take(name + ".qzeros"), pool.Take(name + ".scales"), pool.TryTake(name + ".g_idx"));
            if (words is not { Type: StoredType.I32, Shape: [var rows, var outputs] } || rows * 32 % bits != 0 || rows is 0 or > int.MaxValue / 32) throw TensorPool.Odd(words);
            if (scales is not { Shape: [> 0 and var groups, _] } || groups > rows * 32 / bits) throw TensorPool.Odd(scales);
            var inputs = (int)(rows * 32 / bits);
            if (outputs * bits % 32 != 0 || zeros.Type != StoredType.I32) throw TensorPool.Odd(zeros);
            TensorPool.Expect(zeros, groups, outputs * bits / 32);
            TensorPool.Expect(scales, groups, outputs);
            var shape = new GroupedShape(outputs, inputs, bits, (int)groups, order is { Count: > 0 } ? Groups(pool, order, inputs, (int)groups) : null);
            if (shape.GroupOf is null && (inputs + shape.Group - 1) / shape.Group != groups) throw TensorPool.Odd(scales);
            pool.Made[name + ".weight"] = new GptqWeight(shape, words, zeros, scales, zeroAbove);
            DropEmptyBias(pool, name + ".bias");
        }
    }

    public static int Bits(TensorPool pool, JsonElement? settings, ReadOnlySpan<int> known)
    {
        var bits = settings.Whole("bits", "w_bit") ?? 4;
        foreach (var one in known)
            if (bits == one) return one;
        throw new ModelRefusedException($"{pool.Folder} is quantised to {bits} bits in a layout that has none of these: fetch the model again.");
    }

    /// <summary>The group of each input; null where they follow each other.</summary>
    public static int[]? Groups(TensorPool pool, StoredTensor order, int inputs, int groups)
    {
        if (order.Type != StoredType.I32) throw TensorPool.Odd(order);
        TensorPool.Expect(order, inputs);
        var found = new int[inputs];
        order.ReadBytes(0, MemoryMarshal.AsBytes(found.AsSpan()));
        if (found.Any(group => group < 0 || group >= groups)) throw new ModelRefusedException($"{order.File.Path} names a group in {OnnxReader.Shown(order.Name)} that has no scale: fetch the model again.");
        var each = (inputs + groups - 1) / groups;
        return found.Where((group, input) => group != input / each).Any() ? found : null;
    }

    /// <summary>Old files have a bias of nothing but zeros where the model has none.</summary>
    private static void DropEmptyBias(TensorPool pool, string name)
    {
        if (pool.Peek(name) is not { Count: <= 1 << 24 and var count } bias) return;
        var values = new float[count];
        bias.ReadNumbers(0, values);
        if (!values.AsSpan().ContainsAnyExcept(0f)) pool.TryTake(name);
    }
}
