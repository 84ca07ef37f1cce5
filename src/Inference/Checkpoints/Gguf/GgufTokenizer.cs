using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>tokenizer.json and tokenizer_config.json, made from the vocabulary and the template that a GGUF file carries.</summary>
internal sealed class GgufTokenizer
{
    private const int Unknown = 2;
    private const int Control = 3;
    private const int UserDefined = 4;

    private static readonly HashSet<string> _turnEnds = new(["<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|end|>"], StringComparer.Ordinal);
    private static readonly string[] EndNames = ["eos", "eot", "eom"];

    private readonly GgufMetadata _metadata;
    private readonly string[] _tokens;
    private readonly long[] _kinds;

    private GgufTokenizer(GgufMetadata metadata, string[] tokens)
    {
        (_metadata, _tokens) = (metadata, tokens);
        _kinds = metadata.List<long>("tokenizer.ggml.token_type") ?? [];
        if (_kinds.Length > 0 && _kinds.Length != tokens.Length) throw new ModelRefusedException($"{metadata.Path} lists {tokens.Length} tokens and {_kinds.Length} kinds of them: fetch the model again.");
    }

    /// <summary>Tokens that end a text or a turn.</summary>
    public static IReadOnlyList<long> Ends(GgufMetadata metadata)
    {
        var tokens = metadata.List<string>("tokenizer.ggml.tokens") ?? [];
        var kinds = metadata.List<long>("tokenizer.ggml.token_type") ?? [];
        var named = EndNames.Select(name => metadata.Whole($"tokenizer.ggml.{name}_token_id")).OfType<long>();
        var turns = Enumerable.Range(0, Math.Min(tokens.Length, kinds.Length)).Where(id => kinds[id] == Control && _turnEnds.Contains(tokens[id])).Select(id => (long)id);
        return [.. named.Concat(turns).Distinct()];
    }

    /// <summary>Null where the file has no vocabulary.</summary>
    public static byte[]? Make(GgufMetadata metadata)
    {
        if (metadata.List<string>("tokenizer.ggml.tokens") is not { Length: > 0 } tokens) return null;
        return new GgufTokenizer(metadata, tokens).Write();
    }

    /// <summary>The template, and the tokens that templates name.</summary>
    public static byte[] MakeConfig(GgufMetadata metadata)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            var tokens = metadata.List<string>("tokenizer.ggml.tokens") ?? [];
            foreach (var (name, key) in new[] { ("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"), ("pad_token", "padding") })
                if (metadata.Whole($"tokenizer.ggml.{key}_token_id") is >= 0 and var id && id < tokens.Length) json.WriteString(name, tokens[id]);
            var named = metadata.List<string>("tokenizer.chat_templates") ?? [];
            if (named.Length == 0 && metadata.Text("tokenizer.chat_template") is { } template) json.WriteString("chat_template", template);
            else if (named.Length > 0)
            {
                json.WriteStartArray("chat_template");
                foreach (var name in named.Prepend("default").Distinct())
                    if (metadata.Text(name == "default" ? "tokenizer.chat_template" : $"tokenizer.chat_template.{name}") is { } own)
                    {
                        json.WriteStartObject();
                        json.WriteString("name", name);
                        json.WriteString("template", own);
                        json.WriteEndObject();
                    }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private byte[] Write()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.0");
            WriteAdded(json);
            switch (_metadata.Text("tokenizer.ggml.model"))
            {
                case "llama": WriteSentencePieces(json); break;
                case "gpt2": WriteBytePairs(json); break;
                case var other: throw new ModelRefusedException($"{_metadata.Path} has a tokenizer of the kind {OnnxReader.Shown(other ?? "none")}, which this engine does not read from GGUF: put the model's tokenizer.json beside it, or give the prompt as token ids.");
            }
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private void WriteAdded(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < _kinds.Length; id++)
        {
            if (_kinds[id] is not (Unknown or Control or UserDefined) || _tokens[id].Length == 0) continue;
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("content", _tokens[id]);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", _kinds[id] != UserDefined);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteSentencePieces(Utf8JsonWriter json)
    {
        var prefixed = _metadata.Flag("tokenizer.ggml.add_space_prefix") ?? true;
        json.WritePropertyName("normalizer");
        json.WriteRawValue(prefixed
            ? """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}"""
            : """{"type":"Replace","pattern":{"String":" "},"content":"▁"}""");
        WriteSurroundings(json, begins: true);
        json.WritePropertyName("decoder");
        json.WriteRawValue("""{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}"""
            + (prefixed ? """,{"type":"Strip","content":" ","start":1,"stop":0}]}""" : "]}"));
        WriteModelHead(json);
        json.WriteBoolean("fuse_unk", true);
        json.WriteBoolean("byte_fallback", true);
        if (_metadata.Whole("tokenizer.ggml.unknown_token_id") is >= 0 and var unknown && unknown < _tokens.Length) json.WriteString("unk_token", _tokens[unknown]);
        GgufMerges.WriteByScore(json, _tokens, _metadata.List<double>("tokenizer.ggml.scores") is { } scores && scores.Length == _tokens.Length
            ? scores
            : throw new ModelRefusedException($"{_metadata.Path} does not give each of its {_tokens.Length} tokens a score: fetch the model again."));
        json.WriteEndObject();
    }

    private void WriteBytePairs(Utf8JsonWriter json)
    {
        var cut = GgufCut.Of(_metadata);
        json.WritePropertyName("pre_tokenizer");
        cut.Write(json);
        WriteSurroundings(json, begins: cut.Begins);
        json.WritePropertyName("decoder");
        json.WriteRawValue("""{"type":"ByteLevel"}""");
        WriteModelHead(json);
        json.WriteBoolean("ignore_merges", cut.WholeWordsFirst);
        json.WriteStartArray("merges");
        foreach (var merge in _metadata.List<string>("tokenizer.ggml.merges") ?? []) json.WriteStringValue(merge);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteModelHead(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteStartObject("vocab");
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var id = 0; id < _tokens.Length; id++)
            if (written.Add(_tokens[id])) json.WriteNumber(_tokens[id], id);
        json.WriteEndObject();
    }

    /// <summary>The tokens before and behind a text.</summary>
    private void WriteSurroundings(Utf8JsonWriter json, bool begins)
    {
        var begin = Named("bos", begins);
        var end = Named("eos", false);
        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        json.WriteStartArray("single");
        if (begin is not null) Special(begin.Value);
        json.WriteRawValue("""{"Sequence":{"id":"A","type_id":0}}""");
        if (end is not null) Special(end.Value);
        json.WriteEndArray();
        json.WriteStartObject("special_tokens");
        foreach (var id in new[] { begin, end }.OfType<int>().Distinct())
        {
            json.WriteStartObject(_tokens[id]);
            json.WriteString("id", _tokens[id]);
            json.WriteStartArray("ids");
            json.WriteNumberValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();

        void Special(int id)
        {
            json.WriteStartObject();
            json.WriteStartObject("SpecialToken");
            json.WriteString("id", _tokens[id]);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private int? Named(string name, bool otherwise) =>
        (_metadata.Flag($"tokenizer.ggml.add_{name}_token") ?? otherwise) && _metadata.Whole($"tokenizer.ggml.{name}_token_id") is >= 0 and var id && id < _tokens.Length ? (int)id : null;
}
