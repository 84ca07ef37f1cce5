using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Gguf;

/// <summary>A tensor of a GGUF file: sizes in the order of the Hub (outputs first), place in the file.</summary>
internal sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, GgufFormat Format, long Offset, long Length, WeightFile File);

/// <summary>The head of a GGUF file, versions 2 and 3, or of the first of several: what is said of the model, and where its tensors lie.</summary>
internal sealed class GgufFile : IDisposable
{
    private const int MostKeys = 65_536;
    private const int MostTensors = 300_000;
    private const int LongestName = 1024;

    private readonly WeightFile _file;
    private readonly List<GgufFile> _others = [];

    private GgufFile(WeightFile file, GgufMetadata metadata, IReadOnlyDictionary<string, GgufTensor> tensors) => (_file, Metadata, Tensors) = (file, metadata, tensors);

    public string Path => _file.Path;
    public GgufMetadata Metadata { get; }

    /// <summary>Of all parts.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors { get; private set; }

    /// <exception cref="ModelRefusedException">It is no GGUF file, or says what cannot be.</exception>
    public static GgufFile Open(string path)
    {
        var file = OpenOne(GgufSplit.First(path) is { } first && System.IO.File.Exists(first) ? first : path);
        try
        {
            if (file.Metadata.Whole("split.count") is > 1 and var parts) file.Tensors = GgufSplit.Join(file, parts, file.OpenOther);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static GgufFile OpenOne(string path)
    {
        var file = WeightFile.Open(path);
        try
        {
            var reader = new GgufReader(file);
            var (tensors, keys) = Head(reader);
            var metadata = Settings(reader, keys, path);
            return new(file, metadata, Places(reader, tensors, metadata.Whole("general.alignment") ?? 32, file));
        }
        catch (GgufFormatException broken)
        {
            file.Dispose();
            throw new ModelRefusedException($"{path} is no sound GGUF file: it {broken.Message}. Fetch the model again.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static void Read(GgufTensor tensor, long at, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(at);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(into.Length, tensor.Length - at, nameof(into));
        tensor.File.Read(tensor.Offset + at, into);
    }

    public void Dispose()
    {
        _file.Dispose();
        foreach (var other in _others) other.Dispose();
    }

    private GgufFile OpenOther(string path)
    {
        var other = OpenOne(path);
        _others.Add(other);
        return other;
    }

    private static (ulong Tensors, ulong Keys) Head(GgufReader reader)
    {
        if (reader.U32() != 0x46554747) throw new GgufFormatException("does not begin as one");
        switch (reader.U32())
        {
            case 2 or 3: break;
            case 1: throw new GgufFormatException("is of version 1, which is no longer read");
            case var version when version << 16 == 0: throw new GgufFormatException("is written for machines of the other byte order");
            case var version: throw new GgufFormatException($"is of version {version}, which this engine does not know");
        }
        var (tensors, keys) = (reader.U64(), reader.U64());
        if (tensors > MostTensors || keys > MostKeys) throw new GgufFormatException($"lists {tensors:N0} tensors and {keys:N0} settings, more than any model has");
        return (tensors, keys);
    }

    private static GgufMetadata Settings(GgufReader reader, ulong keys, string path)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (; keys > 0; keys--)
        {
            var key = reader.Text(LongestName);
            if (!values.TryAdd(key, reader.Value(reader.U32()))) throw new GgufFormatException($"says {OnnxReader.Shown(key)} twice");
        }
        return new(values, path);
    }

    private static Dictionary<string, GgufTensor> Places(GgufReader reader, ulong count, long alignment, WeightFile file)
    {
        if (alignment is < 1 or > 1 << 20 || (alignment & alignment - 1) != 0) throw new GgufFormatException($"aligns its tensors to {alignment:N0} bytes, which cannot be");
        var tensors = new List<GgufTensor>();
        for (; count > 0; count--) tensors.Add(Tensor(reader, file));
        var start = (reader.Position + alignment - 1) / alignment * alignment;
        var end = start;
        var placed = new Dictionary<string, GgufTensor>(StringComparer.Ordinal);
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Offset))
        {
            if (tensor.Offset > file.Length - start || tensor.Length > file.Length - start - tensor.Offset)
                throw new GgufFormatException($"places {OnnxReader.Shown(tensor.Name)} beyond the end of the file: it is cut short");
            if (start + tensor.Offset < end) throw new GgufFormatException($"places {OnnxReader.Shown(tensor.Name)} over another tensor");
            end = start + tensor.Offset + tensor.Length;
            if (!placed.TryAdd(tensor.Name, tensor with { Offset = start + tensor.Offset })) throw new GgufFormatException($"lists {OnnxReader.Shown(tensor.Name)} twice");
        }
        return placed;
    }

    private static GgufTensor Tensor(GgufReader reader, WeightFile file)
    {
        var (name, dimensions) = (reader.Text(LongestName), reader.U32());
        if (dimensions is < 1 or > 4) throw new GgufFormatException($"gives {OnnxReader.Shown(name)} {dimensions} dimensions");
        var (shape, count) = (new long[dimensions], 1L);
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            var size = reader.U64();
            if (size is 0 or > long.MaxValue || count > long.MaxValue / 64 / (long)size) throw new GgufFormatException($"gives {OnnxReader.Shown(name)} an impossible size");
            count *= shape[i] = (long)size;
        }
        var type = reader.U32();
        var format = GgufFormat.Of(type) ?? throw new GgufFormatException($"stores {OnnxReader.Shown(name)} as {GgufFormat.NameOf(type)}, which this engine does not read");
        if (shape.Length == 1 && format.Bits > 0) throw new GgufFormatException($"stores the vector {OnnxReader.Shown(name)} in blocks, which are for matrices");
        if (shape[^1] % format.Count != 0) throw new GgufFormatException($"gives {OnnxReader.Shown(name)} rows of {shape[^1]:N0} values, which are no whole blocks of {format.Count}");
        return reader.U64() is <= long.MaxValue and var offset
            ? new(name, shape, format, (long)offset, count / format.Count * format.Bytes, file)
            : throw new GgufFormatException($"places {OnnxReader.Shown(name)} beyond the end of the file");
    }
}
