using System.Text.RegularExpressions;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>One set of weight files of a repository that could be run, as far as names tell.</summary>
/// <param name="Root">The folder that is the model's own here: the repository's, or one of several that each hold a whole model.</param>
/// <param name="Rank">Among equally precise ones the lowest is taken.</param>
internal sealed partial record WeightOffer(FilePrecision Precision, string Root, IReadOnlyList<HubFile> Files, int Rank, bool? ForGpu = null)
{
    /// <summary>Of the first form that is there: a folder of ONNX Runtime GenAI, ONNX as Optimum writes it, GGUF, safetensors.</summary>
    public static IReadOnlyList<WeightOffer> Find(IReadOnlyList<HubFile> files)
    {
        foreach (var form in (Func<IReadOnlyList<HubFile>, List<WeightOffer>>[])[Folders, Graphs, Ggufs, Tensors])
            if (form(files) is [_, ..] offers) return offers;
        return [];
    }

    public static WeightOffer? Best(IReadOnlyList<WeightOffer> offers, PullWish wish) => offers
        .Where(offer => wish.Order.Contains(offer.Precision))
        .OrderBy(offer => offer.ForGpu is { } gpu && gpu != wish.OnGpu)
        .ThenBy(offer => wish.Order.ToList().IndexOf(offer.Precision))
        .ThenBy(offer => offer.Rank + (!wish.OnGpu && Half().IsMatch(offer.Files[0].Path) ? 2 : 0))
        .ThenBy(offer => offer.Files[0].Path.Length).ThenBy(offer => offer.Files[0].Path, StringComparer.Ordinal)
        .FirstOrDefault();

    private static List<WeightOffer> Folders(IReadOnlyList<HubFile> files) =>
        [.. from config in files
            where FilePlan.NameOf(config.Path) == "genai_config.json"
            let root = FilePlan.FolderOf(config.Path)
            let inside = files.Where(file => FilePlan.FolderOf(file.Path) == root && file.Path.Contains(".onnx", StringComparison.Ordinal)).OrderBy(file => file.Path, StringComparer.Ordinal).ToList()
            where inside.Count > 0
            select new WeightOffer(Of(root), root, inside, 0, root.Contains("cpu", StringComparison.OrdinalIgnoreCase) ? false : Gpu().IsMatch(root) ? true : null)];

    private static List<WeightOffer> Graphs(IReadOnlyList<HubFile> files) =>
        [.. from graph in files
            let folder = FilePlan.FolderOf(graph.Path)
            where folder is "" or "onnx" && graph.Path.EndsWith(".onnx", StringComparison.Ordinal)
            let name = FilePlan.NameOf(graph.Path)
            where name.StartsWith("model", StringComparison.Ordinal) || name.StartsWith("decoder", StringComparison.Ordinal)
            let rank = name.StartsWith("model", StringComparison.Ordinal) ? 0 : name.StartsWith("decoder_model_merged", StringComparison.Ordinal) ? 1 : 4
            select new WeightOffer(Of(name), "", [graph, .. files.Where(file => IsDataOf(graph.Path, file.Path))], rank)];

    private static bool IsDataOf(string graph, string path) => path.StartsWith(graph + "_data", StringComparison.Ordinal) || path.StartsWith(graph + ".data", StringComparison.Ordinal);

    private static List<WeightOffer> Ggufs(IReadOnlyList<HubFile> files) =>
        [.. files.Where(file => file.Path.EndsWith(".gguf", StringComparison.Ordinal) && !file.Path.Contains("mmproj", StringComparison.OrdinalIgnoreCase))
            .GroupBy(file => Part().Replace(file.Path, ""), StringComparer.Ordinal)
            .Select(parts => new WeightOffer(Of(FilePlan.NameOf(parts.Key)), "", [.. parts.OrderBy(file => file.Path, StringComparer.Ordinal)], GgufRank(parts.Key.ToLowerInvariant())))];

    /// <summary>Of four bits the mixed one is the usual choice; fewer lose what people notice, odd ones are slow.</summary>
    private static int GgufRank(string name) => name.Contains("q4_k_m", StringComparison.Ordinal) || name.Contains("q8_0", StringComparison.Ordinal) ? 0 : name.Contains("q4", StringComparison.Ordinal) ? 1 : 4;

    private static List<WeightOffer> Tensors(IReadOnlyList<HubFile> files)
    {
        var here = files.Where(file => FilePlan.FolderOf(file.Path).Length == 0).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        var tensors = here.Where(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal)).ToList();
        if (tensors.Find(file => file.Path == "model.safetensors") is { } whole) tensors = [whole];
        else if (tensors.Exists(file => Part().IsMatch(file.Path))) tensors = tensors.FindAll(file => Part().IsMatch(file.Path));
        return tensors.Count == 0 ? [] : [.. Enum.GetValues<FilePrecision>().Select(precision => new WeightOffer(precision, "", [.. tensors, .. here.Where(file => file.Path == "model.safetensors.index.json")], 0))];
    }

    private static FilePrecision Of(string name)
    {
        var words = name.ToLowerInvariant();
        return Four().IsMatch(words) ? FilePrecision.FourBit : Eight().IsMatch(words) ? FilePrecision.EightBit : Half().IsMatch(words) ? FilePrecision.Fp16 : FilePrecision.Fp32;
    }

    [GeneratedRegex("int4|bnb4|q[234]|iq[1234]", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Four();

    [GeneratedRegex("int8|quantized|q[568]", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Eight();

    [GeneratedRegex("f(p|loat)?16|half", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Half();

    [GeneratedRegex("cuda|gpu|directml", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 250)]
    private static partial Regex Gpu();

    [GeneratedRegex("-[0-9]{5}-of-[0-9]{5}", RegexOptions.None, matchTimeoutMilliseconds: 250)]
    private static partial Regex Part();
}
