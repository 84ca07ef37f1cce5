using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace ModelAtlas.Inference.Tests.Checkpoints;

/// <summary>A folder of files made by hand.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"checkpoint-{Guid.NewGuid():n}");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text) => File.WriteAllText(this[name], text);

    /// <summary>A safetensors file with any header and so many bytes of numbers.</summary>
    public void Safetensors(string name, string header, byte[] data) => File.WriteAllBytes(this[name], [.. Prefix(header), .. data]);

    public void Safetensors(string name, params (string Name, string Type, long[] Shape, byte[] Data)[] tensors)
    {
        var (places, end) = (new Dictionary<string, object>(), 0L);
        foreach (var tensor in tensors)
            places[tensor.Name] = new { dtype = tensor.Type, shape = tensor.Shape, data_offsets = new[] { end, end += tensor.Data.Length } };
        Safetensors(name, JsonSerializer.Serialize(places), [.. tensors.SelectMany(tensor => tensor.Data)]);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static byte[] Prefix(string header)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, bytes.Length);
        return [.. prefix, .. bytes];
    }
}
