namespace ModelAtlas.Inference.Models.Onnx;

/// <summary>Where a graph may take its weights from: plain files right beside it, and no further than they reach.</summary>
internal static class ExternalData
{
    private const int LongestName = 200;

    public static void Check(OnnxFile file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.Path)) ?? "";
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var tensor in file.Graph.External)
        {
            if (!IsPlainName(tensor.Location))
                throw new ModelRefusedException($"{file.Path} takes weights from {OnnxReader.Shown(tensor.Location)}, which is no plain file name beside it: the model is refused.");
            if (!lengths.TryGetValue(tensor.Location, out var length))
            {
                var sibling = new FileInfo(Path.Combine(folder, tensor.Location));
                if (!sibling.Exists) throw new ModelRefusedException($"{file.Name} needs {tensor.Location} beside it, which is missing: fetch the whole model.");
                if (sibling.LinkTarget is not null) throw new ModelRefusedException($"{sibling.FullName} is a link, not a plain file: put the file itself there.");
                lengths[tensor.Location] = length = OnnxFile.PlainFile(sibling.FullName).Length;
            }
            if (tensor.Offset > (ulong)length || (tensor.Length ?? 0) > (ulong)length - tensor.Offset)
                throw new ModelRefusedException($"{file.Name} reads beyond the end of {tensor.Location} ({length:N0} bytes): it is cut short or of another model, fetch the whole model.");
        }
    }

    /// <summary>A name that means the same file on every system, and one in this very folder.</summary>
    public static bool IsPlainName(string name) =>
        name.Length is > 0 and <= LongestName
        && name[0] is not ('.' or ' ' or '-' or '~' or '*')
        && name[^1] is not ('.' or ' ')
        && name.All(letter => letter is > ' ' and < (char)127 and not ('/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|'));
}
