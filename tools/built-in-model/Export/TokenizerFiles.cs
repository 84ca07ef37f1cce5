using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelAtlas.Inference.Prompts.Tokenizers;
using ModelAtlas.Tools.BuiltInModel.Text;

namespace ModelAtlas.Tools.BuiltInModel.Export;

/// <summary>tokenizer.json, tokenizer_config.json and the chat template, as published repositories have them.</summary>
internal static class TokenizerFiles
{
    /// <summary>Answers see no more of a chat than the question before: that is what the model was trained on. It was trained without system messages, so they are left out.</summary>
    private const string ChatTemplate = """
        {%- set turns = messages | selectattr('role', 'in', ['user', 'assistant']) | list -%}
        {%- for message in turns[-3:] -%}
        {{- '<|' + message.role + '|>' + message.content | trim -}}
        {%- if message.role == 'assistant' -%}{{- '<|end|>' -}}{%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}

        """;

    public static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string folder, IReadOnlyList<(string Left, string Right)> merges)
    {
        var vocabulary = new JsonObject();
        foreach (var piece in Dialogue.Marks.Concat(Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString())).Concat(merges.Select(merge => merge.Left + merge.Right)))
            vocabulary[piece] = vocabulary.Count;
        var byteLevel = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };
        Save(folder, "tokenizer.json", new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. Dialogue.Marks.Select((mark, id) => (JsonNode)new JsonObject
            {
                ["id"] = id, ["content"] = mark, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
            })]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = byteLevel,
            // A plain prompt is a question too.
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Special(Dialogue.User), new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }, Special(Dialogue.Assistant)),
                ["pair"] = new JsonArray(),
                ["special_tokens"] = new JsonObject { [Dialogue.User] = Known(Dialogue.User, 1), [Dialogue.Assistant] = Known(Dialogue.Assistant, 2) },
            },
            ["decoder"] = byteLevel.DeepClone(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
            },
        });
    }

    /// <summary>What stands beside tokenizer.json and the weights.</summary>
    public static void WriteAround(string folder)
    {
        Save(folder, "generation_config.json", new JsonObject { ["eos_token_id"] = 0, ["pad_token_id"] = 0, ["do_sample"] = false, ["max_new_tokens"] = 160 });
        Save(folder, "tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["eos_token"] = Dialogue.End,
            ["pad_token"] = Dialogue.End,
            ["additional_special_tokens"] = new JsonArray(Dialogue.User, Dialogue.Assistant),
            ["clean_up_tokenization_spaces"] = false,
        });
        File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), ChatTemplate);
    }

    public static void Save(string folder, string name, JsonNode content) => File.WriteAllText(Path.Combine(folder, name), content.ToJsonString(Readable) + "\n");

    private static JsonObject Special(string mark) => new() { ["SpecialToken"] = new JsonObject { ["id"] = mark, ["type_id"] = 0 } };

    private static JsonObject Known(string mark, int id) => new() { ["id"] = mark, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(mark) };
}
