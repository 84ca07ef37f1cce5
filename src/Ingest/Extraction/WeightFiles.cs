using System.Collections.Frozen;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Which file names and tags say that a repository holds weights.</summary>
internal static class WeightFiles
{
    private static readonly FrozenSet<string> Extensions = new[]
    {
        ".safetensors", ".bin", ".gguf", ".ggml", ".onnx", ".pt", ".pth", ".ckpt", ".h5", ".keras", ".msgpack", ".tflite", ".nemo", ".ot", ".pb", ".mlmodel",
        ".pkl", ".pickle", ".joblib", ".zip", ".npz", ".params", ".pdparams", ".pdiparams", ".mar", ".task", ".litertlm", ".llamafile", ".skops", ".jit",
        ".torchscript", ".caffemodel", ".weights", ".engine", ".rknn", ".dlc", ".q4_0", ".tar", ".gz",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> FormatTags = new[]
    {
        "safetensors", "gguf", "pytorch", "tf", "jax", "onnx", "openvino", "tflite", "coreml", "rust", "keras", "tf-keras", "joblib", "mlx", "nemo", "paddlepaddle",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FormatTagsBySpan = FormatTags.GetAlternateLookup<ReadOnlySpan<char>>();

    // Files that training leaves beside the weights, and tokenizer tables with a weight-like ending.
    private static readonly FrozenSet<string> NotWeights = new[]
    {
        "training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth", "optimizer.bin", "scheduler.bin", "scaler.pt", "runs.tar.gz", "vocab.pkl",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Holds(string path) => Extensions.Contains(Path.GetExtension(path)) && !NotWeights.Contains(Path.GetFileName(path));

    public static IEnumerable<string> AllFormatTags => FormatTags;

    public static bool IsFormatTag(ReadOnlySpan<char> tag) => FormatTagsBySpan.Contains(tag);
}
