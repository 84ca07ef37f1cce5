using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>qweight, qzeros and scales of AutoAWQ.</summary>
internal static class AwqScheme
{
    public static void Take(TensorPool pool, JsonElement? settings)
    {
        GptqScheme.Bits(pool, settings, [4]);
        if (settings.Text("version") is { } version && !version.Equals("gemm", StringComparison.OrdinalIgnoreCase))
            throw new ModelRefusedException($"{pool.Folder} is packed as {OnnxReader.Shown(version)}, which this engine does not read: use a file of the version gemm.");
        foreach (var name in pool.Before(".qweight"))
        {
            var (words, zeros, scales) = (pool.Take(name + ".qweight"), pool.Take(name + ".qzeros"), pool.Take(name + ".scales"));
            if (words is not { Type: StoredType.I32, Shape: [> 0 and <= int.MaxValue / 32 and var inputs, var columns] } || columns > int.MaxValue / 8) throw TensorPool.Odd(words);
            if (scales is not { Shape: [> 0 and var groups, _] } || groups > inputs || inputs % groups != 0) throw TensorPool.Odd(scales);
            if (zeros.Type != StoredType.I32) throw TensorPool.Odd(zeros);
            TensorPool.Expect(zeros, groups, columns);
            TensorPool.Expect(scales, groups, columns * 8);
            pool.Made[name + ".weight"] = new AwqWeight(new(columns * 8, (int)inputs, 4, (int)groups), words, zeros, scales);
        }
    }
}
