using System.Text.RegularExpressions;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Bundle;

/// <summary>Leaves out of a row what no page of the catalogue shows and no rule reads, and says how much there was.</summary>
internal static partial class RowTrim
{
    private const int MostTags = 60;
    private const int MostPapers = 4;
    private const int MostFiles = 16;

    private static readonly string[] Noise =
    [
        "region:", "deploy:", "autotrain_compatible", "endpoints_compatible", "has_space", "text-generation-inference", "text-embeddings-inference", "exbert", "infinity_compatible",
        "base_model_relation:", "diffusers:", "template:", "loss:", "dataset_size:", "model-index", "eval-results",
    ];

    private static readonly string[] Telling =
    [
        "config.json", "generation_config.json", "model_index.json", "adapter_config.json", "modules.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.txt", "vocab.json",
        "preprocessor_config.json", "README.md",
    ];

    public static HubModel Trim(HubModel row)
    {
        var tags = row.Tags is { } all ? Tags(all, row) : null;
        var files = row.Siblings is { } listed ? Files(listed) : null;
        var card = row.CardData is { } whole ? Card(whole, tags ?? []) : null;
        return row with
        {
            Tags = tags,
            TagsTotal = tags is not null && tags.Count < row.Tags?.Count ? row.Tags.Count : null,
            Siblings = files,
            SiblingsTotal = files is not null && files.Count < row.Siblings?.Count ? row.Siblings.Count : null,
            CardData = card,
            SeenAt = row.SeenAt?.Where(field => IsKept(field.Key, card)).ToDictionary(),
        };
    }

    /// <summary>A date stands beside its field or not at all.</summary>
    private static bool IsKept(string field, HubCardData? card) => !field.StartsWith("cardData.", StringComparison.Ordinal) || field switch
    {
        "cardData.license" => card?.License is not null,
        "cardData.base_model" => card?.BaseModel is not null,
        "cardData.datasets" => card?.Datasets is not null,
        "cardData.language" => card?.Language is not null,
        _ => false,
    };

    private static List<string> Tags(IReadOnlyList<string> all, HubModel row)
    {
        var papers = 0;
        return
        [
            .. all.Where(tag => !Noise.Any(noise => tag.StartsWith(noise, StringComparison.Ordinal)) && tag != row.PipelineTag && tag != row.LibraryName)
                .Where(tag => !tag.StartsWith("arxiv:", StringComparison.Ordinal) || papers++ < MostPapers)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(tag => tag.StartsWith("license:", StringComparison.Ordinal) || tag.StartsWith("base_model:", StringComparison.Ordinal) || tag.StartsWith("dataset:", StringComparison.Ordinal))
                .Take(MostTags),
        ];
    }

    /// <summary>What a tag says as well is said once. Lists that are cut as tags stay whole here.</summary>
    private static HubCardData? Card(HubCardData card, List<string> tags)
    {
        var kept = card with
        {
            BaseModel = All(card.BaseModel, "base_model:") ? null : card.BaseModel,
            Datasets = All(card.Datasets, "dataset:") ? null : card.Datasets,
            Language = All(card.Language, "") ? null : card.Language,
            PipelineTag = null,
            LibraryName = null,
            Tags = null,
            ExtraGatedPrompt = null,
        };
        return kept == new HubCardData() ? null : kept;

        bool All(IReadOnlyList<string>? values, string prefix) => values is null || values.All(value => tags.Contains(prefix + value));
    }

    private static List<HubFile> Files(IReadOnlyList<HubFile> listed)
    {
        var weights = listed.Where(file => WeightFiles.Holds(file.Path) && !LaterShard().IsMatch(file.Path)).OrderBy(Depth).Take(MostFiles / 2);
        var legal = listed.Where(file => Legal().IsMatch(file.Path)).OrderBy(Depth).Take(4);
        var telling = listed.Where(file => Telling.Contains(file.Path, StringComparer.Ordinal) || (Depth(file) == 0 && file.Path.EndsWith(".py", StringComparison.Ordinal)));
        return [.. weights.Concat(legal).Concat(telling).Distinct().Take(MostFiles)];
    }

    private static int Depth(HubFile file) => file.Path.Count(letter => letter == '/');

    [GeneratedRegex(@"-0*([2-9]|[1-9][0-9]+)-of-[0-9]+\.", RegexOptions.None, 1_000)]
    private static partial Regex LaterShard();

    [GeneratedRegex(@"(^|/)(licen[cs]e|notice|copying|use_policy|usage_policy|acceptable_use|terms)[^/]*$", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Legal();
}
