using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>How precisely weights are kept, as far as their file's name says.</summary>
public enum FilePrecision
{
    Fp32,
    Fp16,
    EightBit,
    FourBit,
}

/// <param name="Order">Precisions, the wished for first; one that is not in it is not taken.</param>
public sealed record PullWish(IReadOnlyList<FilePrecision> Order, bool OnGpu = false)
{
    /// <summary>What runs fastest on a CPU within the quality that is shown, first.</summary>
    public static PullWish Usual { get; } = new([FilePrecision.FourBit, FilePrecision.EightBit, FilePrecision.Fp32, FilePrecision.Fp16]);
}

/// <param name="Path">In the repository.</param>
/// <param name="Target">Below the model's folder here.</param>
internal sealed record PlannedFile(string Path, string Target, long Size, FileHash? Hash);

/// <summary>Chooses what to fetch of a repository: one set of weights, and what is needed to read text with them.</summary>
internal static class FilePlan
{
    private const long LargestText = 64 << 20;

    private static readonly HashSet<string> _companions = new(StringComparer.Ordinal)
    {
        "config.json", "generation_config.json", "genai_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "chat_template.jinja", "chat_template.json", "quantize_config.json", "quantization_config.json", "adapter_config.json",
    };

    /// <returns>The files, or why there are none in one sentence.</returns>
    public static (IReadOnlyList<PlannedFile> Files, string? Complaint) Choose(string id, IReadOnlyList<HubFile> files, PullWish wish)
    {
        var usable = files.Where(file => FileNames.Refuse(file.Path) is null && FileNames.IsKnownKind(file.Path)).DistinctBy(file => file.Path, StringComparer.Ordinal).ToList();
        var offers = WeightOffer.Find(usable);
        if (offers.Count == 0) return ([], $"{id} has no weights in a form that is fetched (.onnx, .gguf or .safetensors): choose a model that was exported to ONNX.");
        if (WeightOffer.Best(offers, wish) is not { } offer)
            return ([], $"{id} has no {string.Join(" or ", wish.Order.Select(Word))} weights, only {string.Join(", ", offers.Select(other => $"{Word(other.Precision)} ({other.Files[0].Path})").Take(8))}: ask for others with --weights.");
        var companions = usable.Where(file => FolderOf(file.Path) == offer.Root && _companions.Contains(NameOf(file.Path)) && !(file.Size > LargestText));
        var planned = new List<PlannedFile>();
        foreach (var file in companions.Concat(offer.Files).DistinctBy(file => file.Path, StringComparer.Ordinal))
        {
            if (file.Size is not { } size) return ([], $"The hub does not say how large {file.Path} of {id} is, so it is not fetched.");
            if (size > 0) planned.Add(new(file.Path, file.Path[(offer.Root.Length == 0 ? 0 : offer.Root.Length + 1)..], size, FileHash.Of(file.Sha256 ?? file.BlobId)));
        }
        return (planned, null);
    }

    public static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>As <c>--weights</c> and file names spell it.</summary>
    private static string Word(FilePrecision precision) => precision switch
    {
        FilePrecision.Fp32 => "fp32",
        FilePrecision.Fp16 => "fp16",
        FilePrecision.EightBit => "int8",
        _ => "int4",
    };
}
