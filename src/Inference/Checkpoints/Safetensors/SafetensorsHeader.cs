using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Safetensors;

/// <summary>The list of tensors at the head of a safetensors file, believed in nothing.</summary>
internal static class SafetensorsHeader
{
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostTensors = 300_000;
    private const int MostDimensions = 8;
    private const int LongestName = 1024;

    /// <exception cref="ModelRefusedException">The file is no safetensors file, or lists what it does not hold.</exception>
    public static List<StoredTensor> Read(WeightFile file)
    {
        if (file.Length < 10) throw Broken(file, "is too short to be one");
        Span<byte> prefix = stackalloc byte[8];
        file.Read(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(file.Length - 8)) throw Broken(file, $"says that its list of tensors has {length:N0} bytes, but the file has only {file.Length:N0}");
        if (length > MostBytes) throw Broken(file, $"says that its list of tensors has {length:N0} bytes, more than any has");
        var header = new byte[length];
        file.Read(8, header);
        try
        {
            var tensors = Tensors(file, header, 8 + (long)length);
            CheckPlaces(file, tensors);
            return tensors;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            throw Broken(file, "begins with a list of tensors that cannot be read");
        }
    }

    private static List<StoredTensor> Tensors(WeightFile file, ReadOnlySpan<byte> header, long start)
    {
        var json = new Utf8JsonReader(header, new() { MaxDepth = 8 });
        var (tensors, names) = (new List<StoredTensor>(), new HashSet<string>(StringComparer.Ordinal));
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueSpan.Length > LongestName) throw Broken(file, "names a tensor with more than 1,024 letters");
            var name = json.GetString() ?? "";
            if (!names.Add(name)) throw Broken(file, $"lists {OnnxReader.Shown(name)} twice");
            if (names.Count > MostTensors) throw Broken(file, $"lists more than {MostTensors:N0} tensors");
            if (name == "__metadata__")
            {
                json.Read();
                json.Skip();
            }
            else tensors.Add(Tensor(ref json, file, name, start));
        }
        while (json.Read()) { }
        return tensors;
    }

    private static StoredTensor Tensor(ref Utf8JsonReader json, WeightFile file, string name, long start)
    {
        (string? type, List<long>? shape, List<long>? place) = (null, null, null);
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"u8) && type is null)
            {
                Expect(ref json, JsonTokenType.String);
                type = json.GetString();
            }
            else if (json.ValueTextEquals("shape"u8) && shape is null) shape = Numbers(ref json, file, name);
            else if (json.ValueTextEquals("data_offsets"u8) && place is null) place = Numbers(ref json, file, name);
            else throw Broken(file, $"says of {OnnxReader.Shown(name)} what no safetensors file says");
        }
        if (type is null || shape is null || place is not [var begin, var end]) throw Broken(file, $"does not say type, shape and place of {OnnxReader.Shown(name)}");
        var stored = TypeOf(type) ?? throw Broken(file, $"stores {OnnxReader.Shown(name)} as {OnnxReader.Shown(type)}, a type that this engine does not know");
        if (begin > end || end > file.Length - start) throw Broken(file, $"places {OnnxReader.Shown(name)} beyond the end of the file: it is cut short or of another model");
        var bytes = Bytes(stored, shape) ?? throw Broken(file, $"gives {OnnxReader.Shown(name)} an impossible size");
        if (bytes != end - begin) throw Broken(file, $"gives {OnnxReader.Shown(name)} {end - begin:N0} bytes where its shape needs {bytes:N0}");
        return new(name, file, stored, shape, start + begin, bytes);
    }

    /// <summary>Null where the sizes multiply to more than can be counted, even if one of them is zero.</summary>
    private static long? Bytes(StoredType type, List<long> shape)
    {
        long bytes = StoredNumbers.Size(type);
        foreach (var size in shape)
            if (size > long.MaxValue / bytes) return null;
            else bytes *= Math.Max(size, 1);
        return shape.Contains(0) ? 0 : bytes;
    }

    private static List<long> Numbers(ref Utf8JsonReader json, WeightFile file, string name)
    {
        var numbers = new List<long>();
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            if (numbers.Count == MostDimensions) throw Broken(file, $"gives {OnnxReader.Shown(name)} more than {MostDimensions} dimensions");
            if (!json.TryGetInt64(out var number) || number < 0) throw Broken(file, $"gives {OnnxReader.Shown(name)} an impossible shape or place");
            numbers.Add(number);
        }
        return json.TokenType == JsonTokenType.EndArray ? numbers : throw new JsonException();
    }

    private static void CheckPlaces(WeightFile file, List<StoredTensor> tensors)
    {
        var end = 0L;
        foreach (var tensor in tensors.Where(tensor => tensor.Length > 0).OrderBy(tensor => tensor.Offset))
        {
            if (tensor.Offset < end) throw Broken(file, $"places {OnnxReader.Shown(tensor.Name)} over another tensor");
            end = tensor.Offset + tensor.Length;
        }
    }

    private static StoredType? TypeOf(string name) => name switch
    {
        "F64" => StoredType.F64,
        "F32" => StoredType.F32,
        "F16" => StoredType.F16,
        "BF16" => StoredType.BF16,
        "F8_E4M3" => StoredType.F8E4M3,
        "F8_E5M2" => StoredType.F8E5M2,
        "I64" => StoredType.I64,
        "I32" => StoredType.I32,
        "I16" => StoredType.I16,
        "I8" => StoredType.I8,
        "U64" => StoredType.U64,
        "U32" => StoredType.U32,
        "U16" => StoredType.U16,
        "F8_E8M0" => StoredType.F8E8M0,
        "U8" => StoredType.U8,
        "BOOL" => StoredType.Bool,
        _ => null,
    };

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type) throw new JsonException();
    }

    private static ModelRefusedException Broken(WeightFile file, string why) => new($"{file.Path} is no sound safetensors file: it {why}. Fetch the model again.");
}
