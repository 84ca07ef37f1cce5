using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>How precisely a file keeps its weights; the smaller the number, the more precisely.</summary>
internal enum WeightsKind
{
    Fp32,
    Fp16,
    Int8,
    Int4,
}

/// <summary>What <c>--weights</c> asks for.</summary>
public enum WeightsWish
{
    /// <summary>What is fastest on the device within the quality shown.</summary>
    Auto,

    /// <summary>The most precise weights the folder has.</summary>
    Stored,
    EightBit,
    FourBit,
}

/// <summary>Chooses among the graphs of a folder. Their content decides, not their names.</summary>
internal static class WeightsChoice
{
    public static string Word(this WeightsKind kind) => kind.ToString().ToLowerInvariant();

    public static WeightsKind KindOf(OnnxGraph graph)
    {
        if (graph.QuantizedBits.Count > 0) return graph.QuantizedBits.Min() <= 4 ? WeightsKind.Int4 : WeightsKind.Int8;
        if (graph.Has("com.microsoft:MatMulBnb4")) return WeightsKind.Int4;
        if (graph.Has("MatMulInteger") || graph.Has("QLinearMatMul") || graph.Has("DequantizeLinear") || graph.Has("com.microsoft:DynamicQuantizeMatMul")) return WeightsKind.Int8;
        long Count(OnnxType type) => graph.Elements.GetValueOrDefault(type);
        return Count(OnnxType.Half) + Count(OnnxType.BFloat16) > Count(OnnxType.Float) ? WeightsKind.Fp16 : WeightsKind.Fp32;
    }

    public static OnnxFile Choose(IReadOnlyList<OnnxFile> files, WeightsWish wish, bool onGpu, string name)
    {
        WeightsKind[] order = wish switch
        {
            WeightsWish.Stored => [WeightsKind.Fp32, WeightsKind.Fp16, WeightsKind.Int8, WeightsKind.Int4],
            WeightsWish.EightBit => [WeightsKind.Int8],
            WeightsWish.FourBit => [WeightsKind.Int4],
            _ when onGpu => [WeightsKind.Fp16, WeightsKind.Int4, WeightsKind.Fp32, WeightsKind.Int8],
            _ => [WeightsKind.Int4, WeightsKind.Int8, WeightsKind.Fp32, WeightsKind.Fp16],
        };
        foreach (var kind in order)
            if (files.Where(file => KindOf(file.Graph) == kind).OrderBy(file => Penalty(file, onGpu)).ThenBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault() is { } best) return best;
        throw new ModelRefusedException($"{name} has no {order[0].Word()} weights, only {string.Join(", ", files.Select(file => $"{KindOf(file.Graph).Word()} ({file.Name})"))}: ask for --weights stored or auto.");
    }

    /// <summary>Of equally precise files the fused one is faster; one that needs a GPU is of no use without.</summary>
    private static int Penalty(OnnxFile file, bool onGpu) =>
        (file.Graph.NormalizesInsideAttention && !onGpu ? 100 : 0)
        + (file.Graph.FusedCaches.Count > 0 ? 0 : 2)
        + (file.Graph.Inputs.Any(input => input.Type == OnnxType.Half) && !onGpu ? 1 : 0);
}
