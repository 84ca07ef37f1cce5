using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>Tells a sentence about what the model learned from apart from one about tests, other models or what a reader could do with it.</summary>
internal static partial class TrainingTalk
{
    /// <summary>The part of a statement that speaks about this model's training; null when none does.</summary>
    public static string? Of(CardStatement statement)
    {
        if (statement.Topic is CardTopic.Usage or CardTopic.Evaluation or CardTopic.Citation or CardTopic.License) return null;
        var text = statement.Text;
        var trained = Trained().Match(text);
        var labelled = Labelled().Match(text);
        if (Could().IsMatch(text) && !labelled.Success) return null;
        var tested = Tested().Match(text);
        if (tested.Success)
        {
            // "trained on A and tested on B" says A; "tested on B" says nothing.
            if (tested.Index == 0 || !(trained.Success && trained.Index < tested.Index)) return null;
            text = text[..tested.Index];
        }
        return trained.Success || labelled.Success || (statement.Topic == CardTopic.Training && !Elsewhere().IsMatch(text)) ? text : null;
    }

    /// <summary>True where the sentence, or else its section, is about training as such and not about tuning something that was trained before.</summary>
    public static bool IsFromScratch(string text, CardStatement statement)
    {
        if (Pretrained().IsMatch(text)) return true;
        if (Tuning().IsMatch(text)) return false;
        return Training().IsMatch(text) || (Training().IsMatch(statement.Section) && !Tuning().IsMatch(statement.Section));
    }

    /// <summary>The card leaves the question open: a template that was not filled in, or a pointer to a paper that was not read.</summary>
    public static bool LeavesOpen(CardStatement statement) =>
        (statement.Topic == CardTopic.Training && NotFilledIn().IsMatch(statement.Text)) || PointsElsewhere().IsMatch(statement.Text);

    /// <summary>What a reader could or should do, not what was done.</summary>
    public static bool IsAdvice(string text) => Could().IsMatch(text);

    /// <summary>The part that admits data nobody could identify: kept secret, or made by a model and not named.</summary>
    public static string? Undisclosed(string text, CardStatement statement)
    {
        if (Secret().Match(text) is { Success: true } secret) return secret.Value;
        foreach (var part in Parts().Split(text))
        {
            if (Synthetic().IsMatch(part) && NamedSources.In(part, statement).Count == 0) return part.Trim();
        }
        return null;
    }

    [GeneratedRegex(@"\b(pre-?|post-?|re-?)?train(s|ed|ing)?\b.{0,80}?\b(on|using|with|from|over|by|data|datasets?|corpus|corpora|mixture|sets?)\b|\b(fine-?|instruction[ -])tun(ed|ing)\b.{0,80}?\b(on|using|with|over|data|datasets?|corpus)\b|\b(learn(ed|t)|distilled)\b.{0,40}?\b(on|from)\b|训练|訓練|学習|entrenad|entraîn|addestrat|treinad|trainiert|обуч", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Trained();

    /// <summary>"Training data: …", "Dataset: …" at the start of a list item or table row.</summary>
    [GeneratedRegex(@"^\W*((pre-?)?train(ing|ed)?|fine-?tun(ing|ed)|source|sft|model)?[\s-]*(data|data ?sets?|corpus|corpora|data sources?)( used| \(.{0,40}\))?\s*[:|：]", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"\b(can|could|may|might|should|must|would)( also| then| further| easily| either)?( be)? (further |then |easily )?((pre-?)?train|fine-?tun|finetun)|\b(if|when|after) you\b|\byou (can|may|need|want|should|will)\b|^(to|how to|please|let's|for) (fine-?tun|train|use|run)|\b(your|his|her) own\b|\bintended to be fine-?tuned", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Could();

    [GeneratedRegex(@"\b(evaluat\w*|benchmark\w*|tested|test sets?|validat(ed|ion)|zero-shot|few-shot|outperform\w*|compared|comparable|leaderboards?|state-of-the-art|sota|scores?|unlike|in contrast|competitive)\b|评测|评估|测试|性能|基准|評価", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Tested();

    [GeneratedRegex(@"more information needed|\bto ?do\b|\bcoming soon\b|^\W*(n/?a|tbd|tba)\W*$|need(s)? more information", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex NotFilledIn();

    [GeneratedRegex(@"\b(train(ing|ed)?|data|datasets?|corpus)\b.{0,120}\b(see|refer|described|found|available|check|read|explained|detailed|published|accompanying|discussed)\b.{0,40}\b(paper|report|article|articles|publication|blog|github|repository|preprint|arxiv)\b|\b(see|refer|described|check|read|accompanying)\b.{0,60}\b(paper|report|article|publication|blog|preprint|arxiv)\b.{0,80}\b(train(ing|ed)?|data|datasets?|corpus)\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex PointsElsewhere();

    [GeneratedRegex(@"\b(see|refer|visit|check)\b.{0,60}\b(repo(sitory)?|paper|report|blog|documentation|docs)\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\bpre-?train(ed|ing)?\b|\bfrom scratch\b|预训练|事前学習", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Pretrained();

    [GeneratedRegex(@"\btrain(ed|ing)\b|训练|訓練|学習", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Training();

    [GeneratedRegex(@"\bfine-?tun\w*|\binstruct\w*|\b(sft|dpo|rlhf|lora|align(ed|ment)|chat)\b|微调", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Tuning();

    [GeneratedRegex(@"\b(proprietary|in-house|internal|private|confidential|undisclosed|non-public|closed)\b.{0,40}\b(data|datasets?|corpus|corpora|texts?|sources?|mix(ture)?)\b|\b(data|datasets?|corpus|corpora)\b.{0,60}\b(is|are|was|were|cannot be|can not be|will not be|not be)\s+(proprietary|undisclosed|not (publicly |yet )?(released|available|disclosed|public|shared)|released|disclosed|shared publicly)\b(?<!\b(is|are|was|were) (released|disclosed|shared publicly))|内部(数据|资料|语料)|私有(数据|语料)|未公开", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Secret();

    [GeneratedRegex(@"[,;]|\band\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Parts();

    [GeneratedRegex(@"\bsynthetic\b.{0,30}\b(data|datasets?|texts?|corpus|examples|textbooks|samples)\b", RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Synthetic();
}
