using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>How text is cut before byte pairs are merged, which a GGUF file says by a name only.</summary>
/// <param name="Steps">Pre-tokenisers of tokenizer.json.</param>
/// <param name="Begins">The token for the beginning stands before a text unless the file says otherwise.</param>
/// <param name="WholeWordsFirst">A piece that is a token is that token, whatever the merges would make of it.</param>
internal sealed record GgufCut(string[] Steps, bool Begins = false, bool WholeWordsFirst = false)
{
    private const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    private const string Gpt2 = """{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}""";
    private const string Bytes = """{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}""";
    private const string Digits = """{"type":"Digits","individual_digits":true}""";

    private static readonly string _llama3 = Split($@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{Spaces}");
    private static readonly string _qwen2 = Split($@"{Contractions}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{Spaces}");
    private static readonly string _gpt4O = Split($@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Contractions}?|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Contractions}?|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{Spaces}");
    private static readonly string _tekken = Split($@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{Spaces}");
    private static readonly string _threeDigits = Split("[0-9][0-9][0-9]");

    private static readonly Dictionary<string, GgufCut> _known = new(StringComparer.Ordinal)
    {
        ["default"] = new([Split(@"[\p{P}\$\+<=>\^~\|]+"), Gpt2Split, Split(@"\p{N}+"), _threeDigits, Bytes]),
        ["falcon"] = new([Split(@"[\p{P}\$\+<=>\^~\|`]+"), Gpt2Split, _threeDigits, Bytes]),
        ["gpt-2"] = new([Gpt2]),
        ["smollm"] = new([Digits, Gpt2]),
        ["qwen2"] = new([_qwen2, Bytes]),
        ["dbrx"] = new([_llama3, Bytes]),
        ["llama-bpe"] = new([_llama3, Bytes], Begins: true, WholeWordsFirst: true),
        ["gpt-4o"] = new([_gpt4O, Bytes]),
        ["tekken"] = new([_tekken, Bytes], Begins: true, WholeWordsFirst: true),
    };

    private static readonly Dictionary<string, string> _sameAs = new(StringComparer.Ordinal)
    {
        ["phi-2"] = "gpt-2",
        ["mpt"] = "gpt-2",
        ["olmo"] = "gpt-2",
        ["roberta-bpe"] = "gpt-2",
        ["starcoder"] = "smollm",
        ["refact"] = "smollm",
        ["command-r"] = "smollm",
        ["codeshell"] = "smollm",
        ["exaone"] = "smollm",
        ["stablelm2"] = "qwen2",
        ["deepseek-r1-qwen"] = "qwen2",
        ["llama3"] = "llama-bpe",
        ["llama-v3"] = "llama-bpe",
        ["falcon3"] = "llama-bpe",
        ["smaug-bpe"] = "dbrx",
        ["chatglm-bpe"] = "dbrx",
        ["llama4"] = "gpt-4o",
    };

    private static string Gpt2Split => Split(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    public static GgufCut Of(GgufMetadata metadata)
    {
        var name = metadata.Text("tokenizer.ggml.pre") ?? "default";
        return _known.GetValueOrDefault(_sameAs.GetValueOrDefault(name, name))
            ?? throw new ModelRefusedException($"{metadata.Path} cuts its text in the way {OnnxReader.Shown(name)}, which this engine does not know: put the model's tokenizer.json beside it, or give the prompt as token ids.");
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        foreach (var step in Steps) json.WriteRawValue(step);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Split(string pattern) =>
        $$$"""{"type":"Split","pattern":{"Regex":{{{JsonSerializer.Serialize(pattern)}}}},"behavior":"Isolated","invert":false}""";
}
