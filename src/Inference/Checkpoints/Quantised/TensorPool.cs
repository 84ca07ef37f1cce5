using ModelAtlas.Inference.Models;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>The tensors of a folder, of which each scheme takes what it understands; what is left is plain.</summary>
internal sealed class TensorPool(string folder, IReadOnlyDictionary<string, StoredTensor> tensors)
{
    private readonly Dictionary<string, StoredTensor> _left = new(tensors, StringComparer.Ordinal);

    public string Folder => folder;

    /// <summary>Weights made of several tensors, by their logical names.</summary>
    public Dictionary<string, Weight> Made { get; } = new(StringComparer.Ordinal);

    /// <summary>Beginnings of all names that end so.</summary>
    public IReadOnlyList<string> Before(string suffix) =>
        [.. _left.Keys.Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Select(name => name[..^suffix.Length]).Order(StringComparer.Ordinal)];

    public StoredTensor? Peek(string name) => _left.GetValueOrDefault(name);

    public StoredTensor? TryTake(string name) => _left.Remove(name, out var tensor) ? tensor : null;

    public StoredTensor Take(string name) => TryTake(name) ?? throw new ModelRefusedException($"{folder} lacks the tensor {OnnxReader.Shown(name)}, which belongs to a quantised weight: fetch the whole model.");

    public void Drop(string suffix)
    {
        foreach (var name in Before(suffix)) _left.Remove(name + suffix);
    }

    /// <summary>All weights: those made, and what is left as it is stored.</summary>
    public Dictionary<string, Weight> All()
    {
        foreach (var tensor in _left.Values)
            if (!Made.TryAdd(tensor.Name, new PlainWeight(tensor))) throw new ModelRefusedException($"{folder} holds {OnnxReader.Shown(tensor.Name)} both quantised and as it is: fetch the model again.");
        return Made;
    }

    /// <exception cref="ModelRefusedException">The tensor is not of that shape.</exception>
    public static StoredTensor Expect(StoredTensor tensor, params ReadOnlySpan<long> shape) => tensor.Shape.SequenceEqual(shape.ToArray()) ? tensor : throw Odd(tensor);

    public static ModelRefusedException Odd(StoredTensor tensor) =>
        new($"{tensor.File.Path} holds {OnnxReader.Shown(tensor.Name)} as {tensor.Type} of shape [{string.Join(", ", tensor.Shape)}], which does not fit the other tensors of its weight: fetch the model again.");
}
