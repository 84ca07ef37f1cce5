using System.IO.MemoryMappedFiles;

namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>An ONNX file on disk: its structure, and that everything it points to lies beside it.</summary>
internal sealed record OnnxFile(string Path, long Length, OnnxGraph Graph)
{
    private const long MostBytes = int.MaxValue; // a protobuf message is not larger

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Bytes of weights: the file and the files beside it that it reads.</summary>
    public long Size => PlannedSize ?? Length + Siblings.Sum(sibling => new FileInfo(sibling).Length);

    /// <summary>Of a file that is not written yet.</summary>
    private long? PlannedSize { get; init; }

    /// <summary>A file that will be written.</summary>
    public static OnnxFile Planned(string path, byte[] graph, long weights) => new(path, graph.Length, OnnxReader.Read(graph)) { PlannedSize = graph.Length + weights };

    /// <summary>Full paths of the files beside it that it reads.</summary>
    public IEnumerable<string> Siblings =>
        Graph.External.Select(tensor => tensor.Location).Distinct(StringComparer.Ordinal).Select(location => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? "", location));

    /// <exception cref="ModelRefusedException">It cannot be read, is no ONNX model, or points outside its folder.</exception>
    public static OnnxFile Open(string path)
    {
        try
        {
            var file = PlainFile(path);
            if (file.Length > MostBytes) throw new ModelRefusedException($"{path} is larger than 2 GiB, which no ONNX file can be: its weights belong in a file beside it.");
            var graph = Read(path, file.Length);
            var opened = new OnnxFile(path, file.Length, graph);
            ExternalData.Check(opened);
            return opened;
        }
        catch (OnnxFormatException broken)
        {
            throw new ModelRefusedException($"{path} is no ONNX model ({broken.Message}): fetch it again.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"{path} cannot be read ({refused.Message}).");
        }
    }

    private static unsafe OnnxGraph Read(string path, long length)
    {
        using var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return OnnxReader.Read(new ReadOnlySpan<byte>(start + view.PointerOffset, (int)length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <summary>A pipe or a device has no length, so that it is refused here, before opening it would block.</summary>
    public static FileInfo PlainFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new ModelRefusedException($"{path} does not exist: fetch the model again.");
        if (file.LinkTarget is not null) file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? throw new ModelRefusedException($"{path} is a link to no file: fetch the model again.");
        return file is { Exists: true, Length: > 0 } ? file : throw new ModelRefusedException($"{path} is empty or no plain file: fetch the model again.");
    }
}
