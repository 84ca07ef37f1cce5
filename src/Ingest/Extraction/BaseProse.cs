using System.Text.RegularExpressions;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;

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
            if (statement.Topic is CardTopic.Usage or CardTopic.Evaluation or CardTopic.Citation or CardTopic.Limits || Example().IsMatch(statement.Text)) continue;
            if (tuned is null && Tuned().IsMatch(statement.Text) && !Family().IsMatch(statement.Text) && !TrainingTalk.IsAdvice(statement.Text)) tuned = statement;
            foreach (Match match in Derived().Matches(statement.Text).Where(match => !Verb().IsMatch(match.Value) || !TrainingTalk.IsAdvice(statement.Text))) Take(statement, match, notes, ownId, seen, Relation(match.Value));
            foreach (Match match in Labelled().Matches(statement.Text)) Take(statement, match, notes, ownId, seen, Relation(match.Value));
            foreach (Match match in SameData().Matches(statement.Text)) Take(statement, match, notes, ownId, seen, BaseRelations.SameData);
        }
        if (seen.Count == 0 && !namedInMetadata && tuned is not null) notes.Add(Axis.Base, BaseRelations.Finetune, $"{tuned.Section}: {tuned.Text}", null, "base-prose", Strength.Claimed);
    }

    /// <summary>The base that follows the words that announce one, and those that are listed behind it.</summary>
    private static void Take(CardStatement statement, Match match, EvidenceNotes notes, string ownId, List<string> seen, string relation)
    {
        var rest = statement.Text[(match.Index + match.Length)..];
        var tuned = Tuning().IsMatch(match.Value);
        while (seen.Count < MostBases && Next(statement, ref rest, tuned) is var (name, strength))
        {
            if (!ModelNames.AreSame(name, ownId) && !seen.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                seen.Add(name);
                notes.Add(Axis.Base, relation, statement.Section, name, "base-prose", strength);
            }
            if (AndAnother().Match(rest) is not { Success: true } another) return;
            rest = rest[another.Length..];
        }
    }

    /// <summary>Words without a number may be anything: they are inferred, and count once a model of that name is known.</summary>
    private static (string Name, Strength Strength)? Next(CardStatement statement, ref string rest, bool tuned)
    {
        var leading = Articles().Match(rest).Length;
        var text = rest[leading..];
        if (statement.Links.FirstOrDefault(link => link.Text.Length > 0 && text.StartsWith(link.Text, StringComparison.Ordinal)) is { } link && HubModelLink().Match(link.Url) is { Success: true } hub)
        {
            rest = text[link.Text.Length..];
            return (hub.Groups["id"].Value, Strength.Claimed);
        }
        if (HubId().Match(text) is { Success: true } id)
        {
            rest = text[id.Length..];
            return (id.Value.TrimEnd('.'), Strength.Claimed);
        }
        var match = ModelName().Match(text);
        if (!match.Success || NotAModel().IsMatch(text.AsSpan(match.Length)) || Name(match.Value, tuned) is not { } name) return null;
        rest = text[match.Length..];
        return (name, name.Any(char.IsAsciiDigit) ? Strength.Claimed : Strength.Inferred);
    }

    /// <summary>Words that are a model's name and not an architecture's: a number is in them, or, where the sentence is about tuning, they are written as a name.</summary>
    private static string? Name(string words, bool tuned)
    {
        var name = words.Any(char.IsAsciiDigit) ? words : tuned && WrittenName().Match(words) is { Success: true } written ? written.Value : null;
        name = name?.TrimEnd('.', ' ', '-');
        return name is null || Quantity().IsMatch(name) || KnownCorpora.In(name).Count > 0 ? null : name;
    }

    private static string Relation(string words) => words switch
    {
        _ when words.Contains("quant", StringComparison.OrdinalIgnoreCase) || words.Contains("convert", StringComparison.OrdinalIgnoreCase) => BaseRelations.Quantized,
        _ when words.Contains("merge", StringComparison.OrdinalIgnoreCase) => BaseRelations.Merge,
        _ when words.Contains("adapter", StringComparison.OrdinalIgnoreCase) || words.Contains("lora", StringComparison.OrdinalIgnoreCase) => BaseRelations.Adapter,
        _ => BaseRelations.Finetune,
    };

    [GeneratedRegex(@"\b(fine-?tuned?|finetuned?|fine-?tuning|instruction-tuned|(further|continued?|continually) (pre-?)?train(ed|ing)|distilled|quanti[sz]ed|converted|adapted|initiali[sz]ed|built|trained|derived|starts?|started|starting)\b[^.;:]{0,50}?\b(from|versions? of|variants? of|on top of|based (up)?on)\s|\b(quanti[sz]ed|gguf|gptq|awq|exl2|onnx|pruned|distilled|merged?|converted|lora|adapter|conversion|weights)\b[^.;:]{0,30}?\b(from|of|for|with)\s|\bbased (up)?on\s|\bbuilt (up)?on( top of)?\s|\bcompatible\s(?=[\w.-]*\d)|\b(extension|extended version|derivative|distillation|re-?upload|mirror|conversion) of\s|\b(fine-?tun(e|ed|ing)|finetun(e|ed|ing)|instruction-tuned|quanti[sz]ed)\s(the\s|our\s|an?\s|pre-?trained\s|base\s){0,3}(?-i:(?=[A-Z]))", RegexOptions.IgnoreCase, 2000)]
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

    [GeneratedRegex(@"^[\s\[""'(]*((the|a|an|our|its|their|only|small|pre-?trained|base|original|official|open-source|popular|recent|large|model|checkpoint|weights of|models?)\s+)*[\s\[""'(]*", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Articles();

    [GeneratedRegex(@"^https?://(www\.)?(huggingface\.co|hf\.co)/(?!(datasets|spaces|docs|papers|blog|collections|models|tasks)(/|$))(?<id>[\w.-]+(/[\w.-]+)?)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HubModelLink();

    [GeneratedRegex(@"^[A-Za-z\d][\w.-]*/(?=[\w.]*[A-Z\d_-])[\w.-]*[\w-](?![\w/])", RegexOptions.None, 1000)]
    private static partial Regex HubId();

    /// <summary>"about 80", "16k", "BFloat16", "size 512x512": a number, but no name.</summary>
    [GeneratedRegex(@"^(\d|(about|around|over|more|powerful|strong|stronger|nearly|approximately|up|size|at|only|just|version|v\d|step|epoch|b?float\d+|fp\d+|int\d+|bf\d+|\d+-?bit|any|llms?|nlp|ai|gpus?|tpus?|q?lora|peft|sft|dpo|rlhf|ppo|orpo|moe|api|gpt-?4\w*|gpt-?3\.5[\w-]*|rtx|a100|h100|v100)\b)|^\d", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Quantity();

    /// <summary>"StarCoder", "GPT-J", "Stable Diffusion": capitals inside a word, or two words with one each.</summary>
    [GeneratedRegex(@"^(?:[A-Z][\w.+-]*[A-Z][\w.+-]*|[A-Z][a-z]+ [A-Z][\w.+-]+(?= (?:model|checkpoint|weights)))", RegexOptions.None, 1000)]
    private static partial Regex WrittenName();

    [GeneratedRegex(@"^\W*(examples?|e\.g\.)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Example();

    /// <summary>"To fine-tune X" may be an invitation.</summary>
    [GeneratedRegex(@"^fine-?tun(e|ing)\s", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Verb();

    [GeneratedRegex(@"tun(e|ed|ing)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Tuning();

    [GeneratedRegex(@"^[\])""'\s]*(,|,? and|&|\+)\s+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex AndAnother();

    [GeneratedRegex(@"^[A-Za-z\d][\w.+-]*(?: (?=[\w.+-]*\d)(?!\d{4}\b)[\w.+-]+){0,3}", RegexOptions.None, 1000)]
    private static partial Regex ModelName();

    [GeneratedRegex(@"^[\s""')]*([\w-]+ )?(architectures?|paper|style|like|frameworks?|tokeni[sz]ers?|design|data|datasets?|corpus|code|codebase|library|objective|implementation|work|method|approach|techniques?|gpus?|tpus?|nodes?|samples|examples|hours|languages?|tokens|epochs|steps|layers|parameters|evaluation|benchmarks?|repo|repository)\b", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex NotAModel();
}
