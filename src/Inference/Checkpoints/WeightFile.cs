using Microsoft.Win32.SafeHandles;
using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints;

/// <summary>A file of weights, read by range: a file cut short while it is read gives a sentence, not a fault of memory.</summary>
internal sealed class WeightFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private WeightFile(string path, SafeFileHandle handle) => (Path, _handle, Length) = (path, handle, RandomAccess.GetLength(handle));

    public string Path { get; }
    public string Name => System.IO.Path.GetFileName(Path);
    public long Length { get; }

    public static WeightFile Open(string path)
    {
        try
        {
            return new(path, File.OpenHandle(OnnxFile.PlainFile(path).FullName));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"{path} cannot be read ({refused.Message}).");
        }
    }

    public void Read(long offset, Span<byte> into)
    {
        try
        {
            while (into.Length > 0)
            {
                var got = RandomAccess.Read(_handle, into, offset);
                if (got == 0) throw new ModelRefusedException($"{Path} ends before the weights that it lists: it is cut short, fetch it again.");
                into = into[got..];
                offset += got;
            }
        }
        catch (IOException refused)
        {
            throw new ModelRefusedException($"{Path} cannot be read ({refused.Message}).");
        }
    }

    public void Dispose() => _handle.Dispose();
}
