using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Checkpoints.Quantised;

/// <summary>Reads some columns of a stored matrix.</summary>
internal static class Columns
{
    /// <summary>Words of 32 bits, row by row.</summary>
    public static uint[] Words(StoredTensor tensor, long first, int count)
    {
        var (rows, columns) = (tensor.Shape[0], tensor.Shape[1]);
        var words = new uint[rows * count];
        if (count == columns) tensor.ReadBytes(0, MemoryMarshal.AsBytes(words.AsSpan()));
        else
            for (var row = 0; row < rows; row++) tensor.ReadBytes((row * columns + first) * 4, MemoryMarshal.AsBytes(words.AsSpan(row * count, count)));
        return words;
    }

    /// <summary>Numbers, row by row.</summary>
    public static float[] Numbers(StoredTensor tensor, long first, int count)
    {
        var (rows, columns) = (tensor.Shape[0], tensor.Shape[1]);
        var numbers = new float[rows * count];
        if (count == columns) tensor.ReadNumbers(0, numbers);
        else
            for (var row = 0; row < rows; row++) tensor.ReadNumbers(row * columns + first, numbers.AsSpan(row * count, count));
        return numbers;
    }
}
