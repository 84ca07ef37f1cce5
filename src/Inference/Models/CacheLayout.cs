using System.Globalization;
using System.Text.RegularExpressions;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>One cache of a graph: the input that takes the past, the output that gives past and present, and their shape.</summary>
/// <param name="Shape">With batch and length set to zero; every other size is known.</param>
/// <param name="BatchAxis">Where the sequences are: 0, or 1 where keys and values are one tensor.</param>
/// <param name="LengthAxis">Where the tokens are.</param>
internal sealed record CachePort(string Past, string Present, OnnxType Type, long[] Shape, int BatchAxis, int LengthAxis)
{
    public int ElementSize => Type == OnnxType.Float ? 4 : 2;

    /// <summary>Bytes of one token of one sequence.</summary>
    public long TokenBytes => Shape.Where((_, axis) => axis != BatchAxis && axis != LengthAxis).Aggregate((long)ElementSize, (product, size) => checked(product * size));
}

/// <summary>Pairs the past inputs of a graph with its present outputs, whatever they are called: by the number of the layer and what follows it.</summary>
internal static partial class CacheLayout
{
    public static IReadOnlyList<CachePort> Find(OnnxFile file, ModelConfig config, IEnumerable<OnnxPort> pasts, IEnumerable<OnnxPort> presents)
    {
        var outputs = new Dictionary<(int, string), OnnxPort>();
        foreach (var present in presents)
            if (Key(present.Name) is { } key && !outputs.TryAdd(key, present)) throw new ModelRefusedException($"{file.Name} has two outputs for one cache ({OnnxReader.Shown(present.Name)}): its layout is not known here.");
        var found = new List<CachePort>();
        foreach (var past in pasts)
        {
            if (Key(past.Name) is not { } key) throw new ModelRefusedException($"{file.Name} wants an input {OnnxReader.Shown(past.Name)} that is no part of text generation here.");
            if (!outputs.Remove(key, out var present)) throw new ModelRefusedException($"{file.Name} takes the cache {OnnxReader.Shown(past.Name)} but gives none back: it does not generate text token by token.");
            found.Add(Port(file, config, past, present));
        }
        CheckLayers(file, config, found);
        return found;
    }

    private static CachePort Port(OnnxFile file, ModelConfig config, OnnxPort past, OnnxPort present)
    {
        if (past.Type is not (OnnxType.Float or OnnxType.Half or OnnxType.BFloat16) || past.Type != present.Type)
            throw new ModelRefusedException($"{file.Name} keeps its cache {OnnxReader.Shown(past.Name)} as {past.Type}, which is not supported: use a float32 or float16 file.");
        var combined = past.Shape is [{ Size: 2 }, _, _, _, _];
        if (past.Shape.Count != (combined ? 5 : 4))
            throw new ModelRefusedException($"{file.Name} has a cache of {past.Shape.Count} dimensions ({OnnxReader.Shown(past.Name)}): its layout is not known here.");
        var (batch, heads, length, size) = combined ? (1, 2, 3, 4) : (0, 1, 2, 3);
        if (past.Shape[heads].Size is { } inGraph && config.SaidCacheHeads is { } inConfig && inGraph != inConfig)
            throw new ModelRefusedException($"{file.Name} has {inGraph} key-value heads but {Path.GetFileName(config.Source)} says {inConfig}: the files are of different models.");
        long Known(int axis, long? said, string what) => (past.Shape[axis].Size, said) switch
        {
            ( > 0 and <= 1 << 20 and var graph, _) => graph,
            (null, { } other) => other,
            _ => throw new ModelRefusedException($"{file.Name} leaves the {what} of its cache open and {Path.GetFileName(config.Source)} does not say it: the folder lacks its configuration."),
        };
        var shape = new long[past.Shape.Count];
        if (combined) shape[0] = 2;
        shape[heads] = Known(heads, config.CacheHeads, "number of key-value heads");
        shape[size] = Known(size, config.HeadSize, "head size");
        return new(past.Name, present.Name, past.Type, shape, batch, length);
    }

    private static void CheckLayers(OnnxFile file, ModelConfig config, List<CachePort> found)
    {
        var layers = found.Select(cache => Key(cache.Past)?.Layer).Distinct().Count();
        if (found.Count > 0 && config.Layers is { } said && (layers > said || (layers < said && !config.SharesLayers)))
            throw new ModelRefusedException($"{file.Name} has caches of {layers} layers but {Path.GetFileName(config.Source)} says {said}: the files are of different models.");
    }

    private static (int Layer, string Part)? Key(string name) =>
        LayerNumber().Match(name) is { Success: true } match && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? (layer, match.Groups[2].Value)
            : null;

    [GeneratedRegex(@"^[A-Za-z_.]*?[._](\d{1,6})([A-Za-z_.]*)$", RegexOptions.CultureInvariant, 250)]
    private static partial Regex LayerNumber();
}
