using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>The logits of a run, in memory of ours, as float32 whatever the graph gives.</summary>
internal sealed class LogitsOutput(OnnxPort port, int vocabulary) : IDisposable
{
    private readonly bool _half = port.Type == OnnxType.Half;
    private readonly long[] _shape = new long[3];
    private NativeBuffer? _buffer;
    private OrtValue? _value;
    private float[] _converted = [];

    public void Shape(OrtIoBinding binding, int rows, int tokens)
    {
        var bytes = (long)rows * tokens * vocabulary * (_half ? 2 : 4);
        if (_value is not null && _shape[0] == rows && _shape[1] == tokens) return;
        _value?.Dispose();
        if (_buffer is null || _buffer.Bytes < bytes || _buffer.Bytes > 4 * bytes)
        {
            _buffer?.Dispose();
            _buffer = new(bytes);
        }
        (_shape[0], _shape[1], _shape[2]) = (rows, tokens, vocabulary);
        _value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, _half ? TensorElementType.Float16 : TensorElementType.Float, _shape, _buffer.At(0), bytes);
        binding.BindOutput(port.Name, _value);
    }

    /// <summary>Logits of so many tokens from one on, counted over all rows.</summary>
    public ReadOnlySpan<float> Read(int first, int count)
    {
        var buffer = _buffer ?? throw new InvalidOperationException("Logits are shaped before they are read.");
        if (!_half) return buffer.Span<float>((long)first * vocabulary * 4, count * vocabulary);
        if (_converted.Length < count * vocabulary) _converted = new float[count * vocabulary];
        TensorPrimitives.ConvertToSingle(buffer.Span<Half>((long)first * vocabulary * 2, count * vocabulary), _converted);
        return _converted.AsSpan(0, count * vocabulary);
    }

    public void Dispose()
    {
        _value?.Dispose();
        _buffer?.Dispose();
    }
}
