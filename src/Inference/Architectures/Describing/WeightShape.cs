using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Architectures.Describing;

/// <summary>A tensor has to have the shape that the configuration says.</summary>
internal static class WeightShape
{
    public static void Check(ICheckpoint checkpoint, string name, IReadOnlyList<long> wanted)
    {
        var shape = checkpoint.Get(name).Shape;
        if (Plain(shape).SequenceEqual(Plain(wanted))) return;
        var turned = shape.Count == 2 && shape[0] == wanted[^1] && wanted.Count == 2 && shape[1] == wanted[0];
        throw new ModelRefusedException($"{OnnxReader.Shown(name)} is {Text(shape)}, but the configuration wants {Text(wanted)}: {(turned ? "it is stored the wrong way round" : "weights and configuration are of different models")}.");
    }

    /// <summary>Dimensions of one say nothing.</summary>
    private static IEnumerable<long> Plain(IReadOnlyList<long> shape) => shape.Where(size => size != 1);

    private static string Text(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
