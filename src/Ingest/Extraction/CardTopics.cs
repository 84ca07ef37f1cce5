using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>From the words of a heading to what its section is about. The innermost heading that says anything decides.</summary>
internal static partial class CardTopics
{
    /// <summary>What a section under another one is about: inside an evaluation "Pretraining" is a row of results, but "Training data" is what it says.</summary>
    public static CardTopic? Under(CardTopic? outer, string heading)
    {
        var inner = Of(heading);
        return outer == CardTopic.Evaluation && inner is CardTopic.Training or CardTopic.Other && !TrainingData().IsMatch(heading) ? outer : inner;
    }

    public static CardTopic? Of(string heading)
    {
        if (heading.Length > 120 || heading.Count(letter => letter == ' ') > 9) return null; // a slogan, not a topic
        if (Citation().IsMatch(heading)) return CardTopic.Citation;
        if (HowTo().IsMatch(heading)) return CardTopic.Usage;
        if (TrainingResults().IsMatch(heading)) return CardTopic.Evaluation;
        if (TrainingData().IsMatch(heading)) return CardTopic.Training;
        if (Evaluation().IsMatch(heading)) return CardTopic.Evaluation;
        if (FineTuning().IsMatch(heading)) return FineTuningData().IsMatch(heading) ? CardTopic.Training : CardTopic.Usage;
        if (Training().IsMatch(heading)) return CardTopic.Training;
        if (License().IsMatch(heading)) return CardTopic.License;
        if (Usage().IsMatch(heading)) return CardTopic.Usage;
        if (Limits().IsMatch(heading)) return CardTopic.Limits;
        return General().IsMatch(heading) ? CardTopic.Other : null;
    }

    [GeneratedRegex(@"\b(citations?|citing|cite|bibtex|references?|acknowledge?ments?|contacts?|authors?)\b|引用|联系|致谢", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Citation();

    [GeneratedRegex(@"\bhow to\b|\b(quick|getting|get) ?-?start|\btutorial|\bwith your own\b|\bcustom data", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex HowTo();

    [GeneratedRegex(@"\b(training|train|validation) (results|metrics|loss|logs?|curves?|summary)\b|\b(evaluation|eval|test|testing|validation|benchmark)(ing)? (data|datasets?|sets?)\b(?!.*\btrain)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TrainingResults();

    [GeneratedRegex(@"\b((pre-?)?train(ing|ed)?|fine-?tun(ing|ed)|sft|instruction|model|source|our|about the)[\s-]*(and[\s-]*(evaluation|validation|test)[\s-]*)?(data|datasets?|corpus|corpora)\b|^\W*(the\s+)?(data|data ?sets?|data sources?|corpus|corpora|datasets? (details|used|description|mixture)|data (mix|mixture|composition|details|preparation|collection|summary|overview|preprocessing|processing))\W*$|训练数据|訓練データ|学習データ|数据集|データセット|コーパス|语料", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TrainingData();

    [GeneratedRegex(@"\b(eval\w*|benchmarks?|results?|performance|metrics?|leaderboards?|comparisons?|scores?|accuracy|testing|tests?)\b|评测|评估|評価|性能|测试", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Evaluation();

    [GeneratedRegex(@"\b(fine-?tun\w*|peft|q?lora)\b|微调|ファインチューニング", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex FineTuning();

    [GeneratedRegex(@"\b(data|datasets?|corpus|corpora|details|procedure|process|recipe)\b|数据|データ", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex FineTuningData();

    [GeneratedRegex(@"\b(pre-?)?training\b|\btrain\b|\btrained\b(?! (models?|weights|checkpoints?))|训练|訓練|学習", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Training();

    [GeneratedRegex(@"\b(licen[cs]\w*|terms)\b|协议|许可|ライセンス", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex License();

    [GeneratedRegex(@"\b(us(e|es|age|ing|ed)|examples?|inference|deploy\w*|demos?|install\w*|requirements?|prompt\w*|run(ning)?|code|generation|pipelines?|samples?|notebooks?|format|download\w*|api|template|quantiz\w*|serving|widget)\b|使用|快速|推理|安装|使い方|代码", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Usage();

    [GeneratedRegex(@"\b(limit\w*|bias\w*|risks?|ethic\w*|safety|disclaimer|warning|out-of-scope|environment\w*|carbon)\b|局限|声明|免责", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Limits();

    [GeneratedRegex(@"\b(model|introduction|description|details|overview|summary|about|architecture|abstract|background)\b|介绍|模型", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex General();
}
