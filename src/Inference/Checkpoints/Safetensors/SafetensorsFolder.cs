using System.Text.Json;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Safetensors;

/// <summary>The tensors of a folder: of its one safetensors file, or of the shards that its index lists.</summary>
internal sealed class SafetensorsFolder : IDisposable
{
    private const int MostShards = 2048;
    private const int MostIndexBytes = 64 * 1024 * 1024;

    private readonly List<WeightFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private SafetensorsFolder()
    {
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>Null when the folder has neither a file of this kind nor an index of such files.</summary>
    public static SafetensorsFolder? Open(string folder, string name = "model.safetensors")
    {
        var (single, index) = (Path.Combine(folder, name), Path.Combine(folder, name + ".index.json"));
        var read = new SafetensorsFolder();
        try
        {
            if (IsThere(single)) read.AddWhole(single);
            else if (IsThere(index)) read.AddShards(folder, index);
            else return null;
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private static bool IsThere(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private void AddWhole(string path)
    {
        foreach (var tensor in SafetensorsHeader.Read(OpenFile(path))) _tensors.Add(tensor.Name, tensor);
    }

    private void AddShards(string folder, string index)
    {
        var places = Index(index);
        foreach (var shard in places.GroupBy(place => place.Value, place => place.Key, StringComparer.Ordinal).OrderBy(shard => shard.Key, StringComparer.Ordinal))
        {
            if (_files.Count == MostShards) throw new ModelRefusedException($"{index} lists more than {MostShards} files: the model is refused.");
            if (!ExternalData.IsPlainName(shard.Key) || !shard.Key.EndsWith(".safetensors", StringComparison.Ordinal))
                throw new ModelRefusedException($"{index} takes weights from {OnnxReader.Shown(shard.Key)}, which is no plain name of a safetensors file beside it: the model is refused.");
            var path = Path.Combine(folder, shard.Key);
            if (!IsThere(path)) throw new ModelRefusedException($"{index} needs {shard.Key} beside it, which is missing: fetch the whole model.");
            var held = SafetensorsHeader.Read(OpenFile(path)).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            foreach (var name in shard)
                _tensors.Add(name, held.GetValueOrDefault(name) ?? throw new ModelRefusedException($"{index} looks for {OnnxReader.Shown(name)} in {shard.Key}, which does not hold it: the files are of different models."));
        }
    }

    private WeightFile OpenFile(string path)
    {
        FolderLinks.Check(path);
        var file = WeightFile.Open(path);
        _files.Add(file);
        return file;
    }

    /// <summary>Which shard holds which tensor.</summary>
    private static Dictionary<string, string> Index(string path)
    {
        FolderLinks.Check(path);
        var file = OnnxFile.PlainFile(path);
        if (file.Length > MostIndexBytes) throw new ModelRefusedException($"{path} is larger than {MostIndexBytes / 1024 / 1024} MiB, which no index is: fetch the model again.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file.FullName), new() { MaxDepth = 16 });
            if (((JsonElement?)json.RootElement).Member("weight_map") is not { ValueKind: JsonValueKind.Object } map)
                throw new ModelRefusedException($"{path} lists no weights: fetch the model again.");
            var places = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in map.EnumerateObject())
                if (entry.Value.ValueKind != JsonValueKind.String || !places.TryAdd(entry.Name, entry.Value.GetString() ?? ""))
                    throw new ModelRefusedException($"{path} lists {OnnxReader.Shown(entry.Name)} twice, or in no file: fetch the model again.");
            return places.Count > 0 ? places : throw new ModelRefusedException($"{path} lists no weights: fetch the model again.");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new ModelRefusedException($"{path} is no JSON: fetch the model again.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"{path} cannot be read ({refused.Message}).");
        }
    }
}
