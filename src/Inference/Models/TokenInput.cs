using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelAtlas.Inference.Models.Onnx;

namespace ModelAtlas.Inference.Models;

/// <summary>One input of whole numbers, 32 or 64 bits wide as the graph wants them.</summary>
/// <param name="copied">True when a binding copies the numbers to a device, as they are when they are bound; else it sees them change.</param>
internal sealed class TokenInput(OnnxPort port, bool copied) : IDisposable
{
    private readonly bool _wide = port.Type == OnnxType.Int64;
    private readonly long[] _shape = new long[2];
    private NativeBuffer? _buffer;
    private OrtValue? _value;
    private bool _bound;

    /// <summary>Makes room for rows of so many numbers.</summary>
    public void Shape(int rows, int columns)
    {
        var bytes = (long)rows * columns * (_wide ? sizeof(long) : sizeof(int));
        var grows = _buffer is null || _buffer.Bytes < bytes;
        if (!grows && _value is not null && _shape[0] == rows && _shape[1] == columns) return;
        if (grows)
        {
            _value?.Dispose();
            _buffer?.Dispose();
            _buffer = new(Math.Max(256, bytes * 2));
        }
        else _value?.Dispose();
        (_shape[0], _shape[1]) = (rows, columns);
        _value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, _wide ? TensorElementType.Int64 : TensorElementType.Int32, _shape, Buffer.At(0), bytes);
        _bound = false;
    }

    /// <summary>Once all numbers are set.</summary>
    public void Bind(OrtIoBinding binding)
    {
        if (_bound && !copied) return;
        binding.BindInput(port.Name, _value);
        _bound = true;
    }

    public void Set(int index, int value)
    {
        if (_wide) Buffer.Span<long>(0, index + 1)[index] = value;
        else Buffer.Span<int>(0, index + 1)[index] = value;
    }

    public void Fill(int start, int count, int value)
    {
        if (_wide) Buffer.Span<long>((long)start * sizeof(long), count).Fill(value);
        else Buffer.Span<int>((long)start * sizeof(int), count).Fill(value);
    }

    public void Dispose()
    {
        _value?.Dispose();
        _buffer?.Dispose();
    }

    private NativeBuffer Buffer => _buffer ?? throw new InvalidOperationException("An input is shaped before it is written.");
}
