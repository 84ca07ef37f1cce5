using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Bases that only the prose names: "a fine-tuned version of X", "Finetuned from: X", "based on X", "the same data as X".</summary>
internal static partial class BaseProse
{
    private const int MostBases = 20;

    public static void Read(CardProse card, string ownId, EvidenceNotes notes, bool namedInMetadata)
    {
        List<string> seen = [];
        CardStatement? tuned = null;
        foreach (var statement in card.Statements)
        {
            if (statement.Topic is CardTopic.Usage or CardTopic.Evaluation or CardTopic.Citation or CardTopic.Limits) continue;
            if (tuned is null && Tuned().IsMatch(statement.Text) && !Family().IsMatch(statement.Text) && !TrainingTalk.IsAdvice(statement.Text)) tuned = statement;
            foreach (Match match in Derived().Matches(statement.Text)) Take(statement, match, notes, ownId, seen, Relation(match.Value));
            foreach (Match match in Labelled().Matches(statement.Text)) Take(statement, match, notes, ownId, seen, Relation(match.Value));
            foreach (Match match in SameData().Matches(statement.Text)) Take(statement, match, notes, ownId, seen, BaseRelations.SameData);
        }
        if (seen.Count == 0 && !namedInMetadata && tuned is not null) notes.Add(Axis.Base, BaseRelations.Finetune, $"{tuned.Section}: {tuned.Text}", null, "base-prose", Strength.Claimed);
    }

    private static void Take(CardStatement statement, Match match, EvidenceNotes notes, string ownId, List<string> seen, string relation)
    {
        if (seen.Count >= MostBases) return;
        var at = match.Index + match.Length;
        var rest = statement.Text[at..];
        var link = statement.Links.FirstOrDefault(link => link.Text.Length > 0 && Leading(rest).StartsWith(link.Text, StringComparison.Ordinal));
        var name = link is not null && HubModelLink().Match(link.Url) is { Success: true } hub ? hub.Groups["id"].Value : Bare(rest);
        if (name is null || seen.Contains(name, StringComparer.OrdinalIgnoreCase) || string.Equals(name, ownId, StringComparison.OrdinalIgnoreCase)) return;
        seen.Add(name);
        notes.Add(Axis.Base, relation, statement.Section, name, "base-prose", Strength.Claimed);
    }

    private static string Leading(string text) => Articles().Replace(text, "");

    /// <summary>A name that is a model's and not an architecture's: an <c>owner/name</c>, or words with a number in them that nothing after calls a design.</summary>
    private static string? Bare(string text)
    {
        var rest = Leading(text);
        if (HubId().Match(rest) is { Success: true } id) return id.Value.TrimEnd('.');
        var match = ModelName().Match(rest);
        if (!match.Success || !match.Value.Any(char.IsAsciiDigit) || NotAModel().IsMatch(rest.AsSpan(match.Length))) return null;
        var name = match.Value.TrimEnd('.', ' ', '-');
        return Quantity().IsMatch(name) || KnownCorpora.In(name).Count > 0 ? null : name;
    }

    private static string Relation(string words) => words switch
    {
        _ when words.Contains("quant", StringComparison.OrdinalIgnoreCase) || words.Contains("convert", StringComparison.OrdinalIgnoreCase) => BaseRelations.Quantized,
        _ when words.Contains("merge", StringComparison.OrdinalIgnoreCase) => BaseRelations.Merge,
        _ when words.Contains("adapter", StringComparison.OrdinalIgnoreCase) || words.Contains("lora", StringComparison.OrdinalIgnoreCase) => BaseRelations.Adapter,
        _ => BaseRelations.Finetune,
    };

    [GeneratedRegex(@"\b(fine-?tuned?|finetuned?|fine-?tuning|instruction-tuned|(further|continued?|continually) (pre-?)?train(ed|ing)|distilled|quanti[sz]ed|converted|adapted|initiali[sz]ed|built|trained|derived|starts?|started|starting)\b[^.;:]{0,50}?\b(from|versions? of|variants? of|on top of|based (up)?on)\s|\b(quanti[sz]ed|gguf|gptq|awq|exl2|onnx|pruned|distilled|merged?|converted|lora|adapter|conversion|weights)\b[^.;:]{0,30}?\b(from|of|for|with)\s|\bbased (up)?on\s|\b(fine-?tuned|finetuned|instruction-tuned|quanti[sz]ed)\s(the\s)?(?=[A-Z][\w.]*-?\d)", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Derived();

    /// <summary>The model says of itself that it was tuned, whatever from.</summary>
    [GeneratedRegex(@"\b(this|the|our|these|it|we|which|models?|is|are|was|were|been|has|have)\b[^.;]{0,60}\b(fine-?tuned|finetuned|instruction-tuned|instruct-tuned)\b|^\W*(an? |the )?([\w-]+ ){0,6}(fine-?tuned|finetuned|instruction-tuned)\b|\bby fine-?tuning\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Tuned();

    /// <summary>"A collection of pretrained and fine-tuned models" is about a family, not about this member of it.</summary>
    [GeneratedRegex(@"\b(pre-?trained|base|foundation)\b[^.;]{0,40}\b(and|or|,|&)\s+([\w-]+ ){0,2}(fine-?|instruction-)tuned|\b(be|being) (further )?fine-?tuned|\bfine-?tuned (versions?|models?|variants?|checkpoints?) (is|are|can|will|on|that are|available)\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Family();

    [GeneratedRegex(@"^\W*((fine-?tuned|finetuned|derived|distilled|initiali[sz]ed|quanti[sz]ed|converted) from( model)?|base[- ]models?|parent models?|foundation model|backbone|llm backbone|base llm|original model|starting checkpoint)\b[^:：|]{0,20}[:：|]\s*", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"\b(same|identical)\b[^.;]{0,30}\b(data|corpus|corpora|datasets?|sources)\b[^.;]{0,30}?\b(as|of|from|in|for|by)\s|\b\d+\s?[GT]B (of )?(data|text) as\s", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex SameData();

    [GeneratedRegex(@"^\s*((the|a|an|our|its|pre-?trained|base|original|official|open-source|model|checkpoint|weights of|models?)\s+)*", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Articles();

    [GeneratedRegex(@"^https?://(www\.)?(huggingface\.co|hf\.co)/(?!(datasets|spaces|docs|papers|blog|collections|models|tasks)(/|$))(?<id>[\w.-]+(/[\w.-]+)?)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HubModelLink();

    [GeneratedRegex(@"^[A-Za-z\d][\w.-]*/(?=[\w.]*[A-Z\d_-])[\w.-]*[\w-](?![\w/])", RegexOptions.None, 1000)]
    private static partial Regex HubId();

    /// <summary>"about 80", "16k", "BFloat16", "size 512x512": a number, but no name.</summary>
    [GeneratedRegex(@"^(\d|(about|around|over|more|nearly|approximately|up|size|at|only|just|version|v\d|step|epoch|b?float\d|fp\d|int\d|bf\d|gpt-?4|gpt-?3\.5|rtx|a100|h100|v100)\b)|^\d", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^[A-Za-z\d][\w.+-]*(?: (?=[\w.+-]*\d)(?!\d{4}\b)[\w.+-]+){0,3}", RegexOptions.None, 1000)]
    private static partial Regex ModelName();

    [GeneratedRegex(@"^[\s""')]*([\w-]+ )?(architectures?|paper|style|like|frameworks?|tokeni[sz]ers?|design|data|datasets?|corpus|code|codebase|library|objective|implementation|work|method|approach|techniques?|gpus?|tpus?|nodes?|samples|examples|hours|languages?|tokens|epochs|steps|layers|parameters|evaluation|benchmarks?|repo|repository)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex NotAModel();
}
