using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelAtlas.Inference.Checkpoints;
using ModelAtlas.Inference.Checkpoints.Gguf;

namespace ModelAtlas.Inference.Tests.Checkpoints;

/// <summary>Makes a GGUF file of a folder of the Hub by the rules of llama.cpp's converter, in numbers of 32 bits.</summary>
internal sealed class GgufWriter(string architecture, uint version = 3)
{
    private readonly List<byte[]> _settings = [];
    private readonly List<(string Name, long[] Shape, float[] Numbers)> _tensors = [];

    public static void Convert(string folder, string architecture, string path, params (string Key, object Value)[] more)
    {
        var writer = new GgufWriter(architecture);
        using var checkpoint = Checkpoint.Open(folder);
        writer.Add("general.architecture", architecture);
        var config = checkpoint.Config;
        foreach (var (from, to) in new[]
        {
            ("hidden_size", "embedding_length"), ("num_hidden_layers", "block_count"), ("intermediate_size", "feed_forward_length"), ("num_attention_heads", "attention.head_count"),
            ("num_key_value_heads", "attention.head_count_kv"), ("max_position_embeddings", "context_length"), ("head_dim", "attention.key_length"),
            ("num_experts", "expert_count"), ("num_local_experts", "expert_count"), ("num_experts_per_tok", "expert_used_count"), ("moe_intermediate_size", "expert_feed_forward_length"),
        })
            if (config.TryGetProperty(from, out var value)) writer.Add($"{architecture}.{to}", value.GetInt64());
        writer.Add($"{architecture}.attention.layer_norm_rms_epsilon", config.GetProperty("rms_norm_eps").GetDouble());
        writer.Add($"{architecture}.rope.freq_base", config.TryGetProperty("rope_theta", out var theta) ? theta.GetDouble() : 10000.0);
        foreach (var (key, value) in more) writer.Add(key.Replace("ARCH", architecture, StringComparison.Ordinal), value);
        writer.AddTensors(checkpoint, config);
        if (GgufSplit.First(path) is null) writer.Save(path);
        else writer.SaveParts(GgufSplit.Parts(path));
    }

    public void Add(string key, object value) => _settings.Add(value switch
    {
        string text => [.. Text(key), .. U32(8), .. Text(text)],
        long whole => [.. Text(key), .. U32(4), .. U32((uint)whole)],
        double real => [.. Text(key), .. U32(6), .. BitConverter.GetBytes((float)real)],
        bool flag => [.. Text(key), .. U32(7), (byte)(flag ? 1 : 0)],
        _ => throw new ArgumentException("of no kind that is written", nameof(value)),
    });

    public void AddTensor(string name, long[] shape, float[] numbers) => _tensors.Add((name, shape, numbers));

    /// <summary>As llama.cpp splits a model: the first part says everything, the others only which they are.</summary>
    private void SaveParts(IReadOnlyList<string> paths)
    {
        var each = (_tensors.Count + paths.Count - 1) / paths.Count;
        foreach (var (number, path) in paths.Index())
        {
            var part = new GgufWriter(architecture, version);
            if (number == 0) part._settings.AddRange(_settings);
            foreach (var (key, value) in new[] { ("split.no", (long)number), ("split.count", (long)paths.Count), ("split.tensors.count", (long)_tensors.Count) }) part.Add(key, value);
            part._tensors.AddRange(_tensors.Skip(number * each).Take(each));
            part.Save(path);
        }
    }

    public void Save(string path)
    {
        List<byte> all = [.. "GGUF"u8, .. U32(version), .. U64(_tensors.Count), .. U64(_settings.Count), .. _settings.SelectMany(setting => setting)];
        var offset = 0L;
        foreach (var (name, shape, numbers) in _tensors)
        {
            all.AddRange([.. Text(name), .. U32((uint)shape.Length), .. shape.Reverse().SelectMany(U64), .. U32(0), .. U64(offset)]);
            offset = (offset + numbers.Length * 4 + 31) / 32 * 32;
        }
        foreach (var (_, _, numbers) in _tensors)
        {
            while (all.Count % 32 != 0) all.Add(0);
            all.AddRange(MemoryMarshal.AsBytes(numbers.AsSpan()));
        }
        File.WriteAllBytes(path, [.. all]);
    }

    private void AddTensors(ICheckpoint checkpoint, JsonElement config)
    {
        var experts = new Dictionary<string, SortedDictionary<int, (long[] Shape, float[] Numbers)>>(StringComparer.Ordinal);
        foreach (var name in checkpoint.Names.Order(StringComparer.Ordinal))
        {
            var weight = checkpoint.Get(name);
            var (shape, numbers) = (weight.Shape.ToArray(), new float[weight.Rows * weight.RowLength]);
            weight.Read(0, numbers);
            var role = Role(name);
            if (role.Contains("norm", StringComparison.Ordinal) && architecture.StartsWith("gemma", StringComparison.Ordinal)) numbers = [.. numbers.Select(value => value + 1)];
            if (architecture is "llama" or "granite" or "smollm3" && role is "attn_q" or "attn_k") numbers = Interleaved(numbers, (int)shape[0], config.GetProperty(role == "attn_q" ? "num_attention_heads" : "num_key_value_heads").GetInt32());
            if (role == "ffn_gate_inp_shexp") shape = [shape[1]];
            var full = Regex.Match(name, @"layers\.(\d+)\.") is { Success: true } layer ? $"blk.{layer.Groups[1]}.{role}{Path.GetExtension(name)}" : role + Path.GetExtension(name);
            if (Regex.Match(name, @"experts\.(\d+)\.") is { Success: true } expert)
            {
                if (!experts.TryGetValue(full, out var stack)) experts[full] = stack = [];
                stack[int.Parse(expert.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)] = (shape, numbers);
            }
            else AddTensor(full, shape, numbers);
        }
        foreach (var (name, stack) in experts) AddTensor(name, [stack.Count, .. stack[0].Shape], [.. stack.Values.SelectMany(one => one.Numbers)]);
    }

    private string Role(string name)
    {
        var four = architecture is "gemma2" or "gemma3";
        return Path.GetFileNameWithoutExtension(Regex.Replace(name, @"^model\.(layers\.\d+\.)?", "")) switch
        {
            "embed_tokens" => "token_embd",
            "norm" => "output_norm",
            "lm_head" => "output",
            "input_layernorm" => "attn_norm",
            "pre_feedforward_layernorm" => "ffn_norm",
            "post_attention_layernorm" => four || architecture == "olmo2" ? "post_attention_norm" : "ffn_norm",
            "post_feedforward_layernorm" => "post_ffw_norm",
            "mlp.gate" or "block_sparse_moe.gate" => "ffn_gate_inp",
            "mlp.shared_expert_gate" => "ffn_gate_inp_shexp",
            "mlp.gate_up_proj" => "ffn_up",
            var part when part.EndsWith("_norm", StringComparison.Ordinal) => "attn_" + part[^6..],
            var part when part.EndsWith("qkv_proj", StringComparison.Ordinal) => "attn_qkv",
            var part when part.StartsWith("self_attn.", StringComparison.Ordinal) => part[10..] switch { "q_proj" => "attn_q", "k_proj" => "attn_k", "v_proj" => "attn_v", _ => "attn_output" },
            var part when part.Contains("experts.", StringComparison.Ordinal) => Direction(part) + "_exps",
            var part when part.Contains("shared_expert.", StringComparison.Ordinal) => Direction(part) + "_shexp",
            var part => Direction(part),
        };
    }

    private static string Direction(string part) => part.Split('.')[^1] switch { "gate_proj" or "w1" => "ffn_gate", "up_proj" or "w3" => "ffn_up", "down_proj" or "w2" => "ffn_down", _ => throw new ArgumentException(part) };

    /// <summary>Per head [2, half] becomes [half, 2].</summary>
    private static float[] Interleaved(float[] numbers, int rows, int heads)
    {
        var (width, half, turned) = (numbers.Length / rows, rows / heads / 2, new float[numbers.Length]);
        for (var row = 0; row < rows; row++)
        {
            var (head, side, pair) = (row / (2 * half), row / half % 2, row % half);
            numbers.AsSpan(row * width, width).CopyTo(turned.AsSpan((head * 2 * half + pair * 2 + side) * width));
        }
        return turned;
    }

    private static byte[] Text(string text) => [.. U64(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];
    private static byte[] U32(uint number) => BitConverter.GetBytes(number);
    private static byte[] U64(long number) => BitConverter.GetBytes(number);
}
