using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelAtlas.Bench.Conversion;

/// <summary>Writes a made-up repository: bfloat16, one file for each some gigabytes, as large models are published. Numbers are normal, norms are ones.</summary>
internal static class GeneratedWeights
{
    private const long ShardBytes = 4L << 30;
    private const float Deviation = 0.02f;

    public static string Write(GeneratedModel model, string home)
    {
        var folder = Path.Combine(home, model.Name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), model.Config.ToJsonString());
        var (shards, bytes) = (new List<List<(string Name, long[] Shape)>> { new() }, 0L);
        foreach (var tensor in model.Tensors)
        {
            if (bytes + Bytes(tensor.Shape) > ShardBytes && shards[^1].Count > 0)
            {
                shards.Add([]);
                bytes = 0;
            }
            shards[^1].Add(tensor);
            bytes += Bytes(tensor.Shape);
        }
        var (random, normal) = (new Random(7), Normal(new Random(11)));
        var places = new JsonObject();
        foreach (var (number, shard) in shards.Index())
        {
            var name = shards.Count == 1 ? "model.safetensors" : $"model-{number + 1:00000}-of-{shards.Count:00000}.safetensors";
            WriteShard(Path.Combine(folder, name), shard, random, normal);
            foreach (var (tensor, _) in shard) places[tensor] = name;
        }
        if (shards.Count > 1) File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = places }.ToJsonString());
        return folder;
    }

    private static long Bytes(long[] shape) => shape.Aggregate(1L, (product, size) => product * size) * sizeof(ushort);

    private static void WriteShard(string path, List<(string Name, long[] Shape)> tensors, Random random, ushort[] normal)
    {
        var (header, offset) = (new Dictionary<string, object>(), 0L);
        foreach (var (name, shape) in tensors)
        {
            header[name] = new { dtype = "BF16", shape, data_offsets = new[] { offset, offset + Bytes(shape) } };
            offset += Bytes(shape);
        }
        using var file = File.Create(path);
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        ushort[] ones = [.. Enumerable.Repeat((ushort)0x3f80, 1 << 16)];
        foreach (var (name, shape) in tensors)
        {
            var norm = shape.Length == 1 && name.EndsWith(".weight", StringComparison.Ordinal);
            for (var left = Bytes(shape) / sizeof(ushort); left > 0;)
            {
                var count = (int)Math.Min(left, 1 << 16);
                var from = norm ? ones.AsSpan(0, count) : normal.AsSpan(random.Next(normal.Length - count), count);
                file.Write(MemoryMarshal.AsBytes<ushort>(from));
                left -= count;
            }
        }
    }

    /// <summary>A stretch of numbers that the files take pieces of: drawing each anew would take longer than what is measured.</summary>
    private static ushort[] Normal(Random random)
    {
        var numbers = new ushort[1 << 22];
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            numbers[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)number) >> 16);
        }
        return numbers;
    }
}
