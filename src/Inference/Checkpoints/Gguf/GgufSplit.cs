using System.Globalization;
using System.Text.RegularExpressions;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>A model in several files, which are named after their number: model-00001-of-00003.gguf. The first says everything but the places of the others' tensors.</summary>
internal static partial class GgufSplit
{
    private const int MostParts = 1024;

    /// <summary>The first of the parts to which a file belongs; null where its name is not that of a part.</summary>
    public static string? First(string path) => Name().Match(path) is { Success: true } name ? $"{name.Groups[1].Value}-00001-of-{name.Groups[2].Value}.gguf" : null;

    /// <summary>All files of the model, the first among them.</summary>
    public static IReadOnlyList<string> Parts(string path)
    {
        if (Name().Match(path) is not { Success: true } name) return [path];
        var count = int.Parse(name.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        return count is > 0 and <= MostParts ? [.. Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{name.Groups[1].Value}-{number:00000}-of-{name.Groups[2].Value}.gguf"))] : [path];
    }

    /// <summary>The tensors of all parts.</summary>
    /// <param name="open">Opens a part; what it opened is closed by the caller.</param>
    public static Dictionary<string, GgufTensor> Join(GgufFile first, long count, Func<string, GgufFile> open)
    {
        var paths = Parts(first.Path);
        if (paths.Count != count || paths[0] != first.Path || first.Metadata.Whole("split.no") is not 0)
            throw new ModelRefusedException($"{first.Path} is one of {count} parts of a model, and its name does not say which: name the files as they were published (…-00001-of-{count:00000}.gguf), and give the first.");
        var tensors = new Dictionary<string, GgufTensor>(first.Tensors, StringComparer.Ordinal);
        foreach (var (number, path) in paths.Index().Skip(1))
        {
            if (!File.Exists(path)) throw new ModelRefusedException($"{first.Path} needs {Path.GetFileName(path)} beside it, which is missing: fetch the whole model.");
            var part = open(path);
            if (part.Metadata.Whole("split.no") != number || part.Metadata.Whole("split.count") != count) throw new ModelRefusedException($"{path} does not say that it is part {number + 1} of {count}: the files are of different models.");
            foreach (var (name, tensor) in part.Tensors)
                if (!tensors.TryAdd(name, tensor)) throw new ModelRefusedException($"{path} holds {OnnxReader.Shown(name)}, which another part holds too: the files are of different models.");
        }
        if (first.Metadata.Whole("split.tensors.count") is { } wanted && wanted != tensors.Count)
            throw new ModelRefusedException($"{first.Path} and its other parts hold {tensors.Count} tensors where it says {wanted}: fetch the whole model.");
        return tensors;
    }

    [GeneratedRegex(@"^(.+)-\d{5}-of-(\d{5})\.gguf$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
