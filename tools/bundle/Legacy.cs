namespace ModelAtlas.Bundle;

/// <summary>Repositories that had no owner until early 2024, with the owner they got. Only those that the choice needs.</summary>
internal static class Legacy
{
    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal)
    {
        ["gpt2"] = "openai-community",
        ["gpt2-medium"] = "openai-community",
        ["gpt2-large"] = "openai-community",
        ["gpt2-xl"] = "openai-community",
        ["openai-gpt"] = "openai-community",
        ["roberta-base-openai-detector"] = "openai-community",
        ["distilgpt2"] = "distilbert",
        ["distilbert-base-uncased"] = "distilbert",
        ["distilbert-base-uncased-distilled-squad"] = "distilbert",
        ["bert-base-uncased"] = "google-bert",
        ["bert-base-multilingual-cased"] = "google-bert",
        ["bert-base-chinese"] = "google-bert",
        ["t5-small"] = "google-t5",
        ["t5-base"] = "google-t5",
        ["t5-large"] = "google-t5",
        ["t5-11b"] = "google-t5",
        ["xlm-roberta-base"] = "FacebookAI",
        ["xlm-roberta-large-finetuned-conll03-english"] = "FacebookAI",
    };

    public static string Current(string id) => Owners.TryGetValue(id, out var owner) ? $"{owner}/{id}" : id;
}
