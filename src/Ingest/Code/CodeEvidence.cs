using System.Text.RegularExpressions;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Licenses.Texts;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Ingest.Code;

/// <summary>What a code repository that the card names shows by itself: programs that train or run the model, and the licence of the code.</summary>
internal static partial class CodeEvidence
{
    private const int ShownPaths = 3;
    private const int LongestQuote = 200;

    public static bool IsSource(string path) => Source().IsMatch(path);

    /// <summary>The repositories that the evidence of a card points to, each once.</summary>
    public static List<CodeAddress> Named(IReadOnlyList<EvidenceItem> items) =>
        [.. items.Where(item => item.Extractor == ReadBy.CodeLink).Select(item => CodeAddress.Parse(item.Quote)).OfType<CodeAddress>().DistinctBy(address => address.Url, StringComparer.Ordinal)];

    public static IEnumerable<EvidenceItem> Read(CodeRepository repository)
    {
        string[] training = [.. repository.Paths.Where(path => Training().IsMatch(path) && !Beside().IsMatch(path))];
        if (training.Length > 0) yield return Item(Axis.CodeTraining, Level.Open, null, string.Join(", ", training.Take(ShownPaths)), ReadBy.CodeTree);
        if (repository.Paths.Length > 0) yield return Item(Axis.CodeInference, Level.Open, null, string.Join(", ", repository.Paths.Take(ShownPaths)), ReadBy.CodeTree);
        if (repository.LicenseText is { } text && LicenseTexts.Identify(text) is { Match: TextMatchKind.Exact, License: { } id })
            yield return Item(Axis.License, id, repository.LicensePath, FileEvidence.FirstWords(text), ReadBy.CodeLicense);

        EvidenceItem Item(Axis axis, string state, string? locator, string quote, string extractor) =>
            new(axis, state, $"code:{repository.Url}", locator, quote.Length > LongestQuote ? string.Concat(quote.AsSpan(0, LongestQuote - 1), "…") : quote, null, repository.ReadAt, extractor, Strength.Read);
    }

    [GeneratedRegex(@"\.(py|ipynb|cpp|cc|cu|c|h|hpp|rs|go|jl|java|kt|js|ts|swift|lua|sh|slurm|sbatch)$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Source();

    /// <summary>Programs that train; not what trains a tokenizer, tests it or only imports it.</summary>
    [GeneratedRegex(@"(^|/)(pre_?-?train|train|training|run_(clm|mlm|pretrain\w*|sft)|finetune|fine_tune|sft|dpo)[\w-]*\.(py|sh|ipynb|slurm|sbatch|cu|cpp)$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Training();

    [GeneratedRegex(@"token|(^|/)(tests?|docs?|third_?party|examples?/[^/]+/tests?)/|_test\.|(^|/)test_", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Beside();
}
