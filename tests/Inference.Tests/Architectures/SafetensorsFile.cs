using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ModelAtlas.Inference.Checkpoints;

namespace ModelAtlas.Inference.Tests.Architectures;

/// <summary>Writes safetensors files, of a checkpoint or of numbers made up.</summary>
internal static class SafetensorsFile
{
    /// <summary>All tensors of a checkpoint as bfloat16 or float32, beside its configuration.</summary>
    public static void Write(ICheckpoint checkpoint, string folder, bool half)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), checkpoint.Config.GetRawText());
        Write(Path.Combine(folder, "model.safetensors"), half, [.. checkpoint.Names.Select(name => (name, (IReadOnlyList<long>)[.. checkpoint.Shape(name)]))], (name, numbers) => checkpoint.Read(name, 0, numbers));
    }

    public static void Write(string path, bool half, IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> tensors, Action<string, float[]> read)
    {
        var (header, offset, size) = (new Dictionary<string, object>(), 0L, half ? 2 : 4);
        foreach (var (name, shape) in tensors)
        {
            var end = offset + shape.Aggregate(1L, (product, length) => product * length) * size;
            header[name] = new { dtype = half ? "BF16" : "F32", shape, data_offsets = new[] { offset, end } };
            offset = end;
        }
        using var file = File.Create(path);
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        foreach (var (name, shape) in tensors)
        {
            var numbers = new float[shape.Aggregate(1L, (product, length) => product * length)];
            read(name, numbers);
            if (half) file.Write(MemoryMarshal.AsBytes<ushort>([.. numbers.Select(number => (ushort)(BitConverter.SingleToUInt32Bits(number) >> 16))]));
            else file.Write(MemoryMarshal.AsBytes<float>(numbers));
        }
    }
}
