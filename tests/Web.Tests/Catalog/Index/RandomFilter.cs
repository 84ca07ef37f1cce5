using System.Globalization;

namespace ModelAtlas.Web.Tests.Catalog.Index;

/// <summary>Filters whose values are those of random models, so that most of them find something.</summary>
internal static class RandomFilter
{
    private static readonly string[] Keys =
        ["q", "class", "conf", "rung", "license", "lfam", "may", "no", "osi", "task", "lib", "fmt", "org", "lang", "tag", "params", "dl", "gated", "rel", "conflict", "weights", "code", "data", "ctx", "state", "created", "updated", "policy", "fit", "hosted"];

    public static Dictionary<string, string[]> Make(Random random, SampleModel[] models)
    {
        var asked = new Dictionary<string, string[]>();
        foreach (var key in random.GetItems(Keys, random.Next(5)).Distinct())
        {
            string[] values = [.. Enumerable.Range(0, 1 + (random.Next(3) == 0 ? random.Next(3) : 0)).Select(_ => Value(random, key, models is [] ? null : models[random.Next(models.Length)])).Distinct()];
            asked[key] = key is "q" or "params" or "dl" or "ctx" or "created" or "updated" ? values[..1] : values;
        }
        return asked;
    }

    private static string Value(Random random, string key, SampleModel? model) => key switch
    {
        "q" => Text(random, model),
        "class" => Any(random, "none", "open-source", "open-weights", "closed"),
        "conf" => Any(random, "verified", "evidenced", "claimed", "inferred", "not-established", "established"),
        "rung" => Any(random, "none", "weights-available", "open-weights", "open-source", "open-source-open-data"),
        "license" => model?.License ?? "none",
        "lfam" => Any(random, "permissive", "community", "rail"),
        "may" => Any(random, "commercial", "modify", "redistribute", "train-on-output"),
        "no" => Any(random, "mau-cap", "nc", "use-list", "share-alike", "gated"),
        "policy" => Any(random, "allowed", "review", "denied"),
        "fit" => Any(random, "yes", "tight", "no", "unknown"),
        "osi" or "conflict" or "hosted" => Any(random, "yes", "no"),
        "task" => model?.Task ?? "none",
        "lib" => model?.Library ?? "none",
        "fmt" => Any(random, "onnx", "safetensors", "gguf"),
        "org" => model?.Author ?? "nobody",
        "lang" => model?.SpokenIn is [var language, ..] ? language : "xx",
        "tag" => model?.Tagged is [.., var tag] ? tag : "no-such-tag",
        "params" => Range(random, Any(random, "1M", "300M", "70K", "5000M"), Any(random, "5000M", "90000M")),
        "dl" => Range(random, Any(random, "0", "10", "1K"), Any(random, "1K", "20K", "1M")),
        "weights" or "code" or "data" => Any(random, "yes", "partial", "no", "unknown"),
        "ctx" => Range(random, Any(random, "1", "2K", "2048", "4K"), Any(random, "8K", "32K", "200000")),
        "gated" => Any(random, "no", "yes", "auto", "manual", "unknown"),
        "rel" => Any(random, "original", "finetune", "quantized", "adapter", "merge", "unknown"),
        "state" => Any(random, "listed", "gone", "private", "disabled", "withdrawn", "service"),
        _ => Range(random, Any(random, "2019", "2020-03", "2021-02-28"), Any(random, "2021-03", "2023", "2024-12-31")),
    };

    private static string Text(Random random, SampleModel? model)
    {
        var words = (model?.SearchWords ?? ["x"]).ToArray();
        var text = string.Join(Any(random, " ", "-", "  "), random.GetItems(words, 1 + random.Next(3)));
        if (random.Next(3) == 0) text = new StringInfo(text).SubstringByTextElements(0, Math.Max(1, new StringInfo(text).LengthInTextElements - 1)).Trim(' ', '-');
        if (random.Next(8) == 0) text = $"%_ {text}";
        return random.Next(2) == 0 ? text.ToUpperInvariant() : text;
    }

    private static string Range(Random random, string from, string to) => random.Next(4) switch { 0 => $"{from}..", 1 => $"..{to}", _ => $"{from}..{to}" };

    private static string Any(Random random, params string[] values) => values[random.Next(values.Length)];
}
