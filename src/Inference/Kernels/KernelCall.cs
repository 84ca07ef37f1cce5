using static ModelAtlas.Inference.Kernels.OrtCustomOperator;

namespace ModelAtlas.Inference.Kernels;

/// <summary>What a kernel asks of ONNX Runtime while it runs.</summary>
internal readonly unsafe struct KernelCall(nint* api, nint context)
{
    public const int MostDimensions = 8;

    public nint Input(nuint index)
    {
        nint value;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)api[Place.GetInput])(context, index, &value));
        return value;
    }

    public nint Output(nuint index, long* shape, int rank)
    {
        nint value;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, long*, nuint, nint*, nint>)api[Place.GetOutput])(context, index, shape, (nuint)rank, &value));
        return value;
    }

    public void* Data(nint value)
    {
        void* data;
        Check(((delegate* unmanaged[Cdecl]<nint, void**, nint>)api[Place.GetTensorMutableData])(value, &data));
        return data;
    }

    /// <returns>How many dimensions there are.</returns>
    public int Shape(nint value, long* shape)
    {
        nint info;
        nuint rank;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)api[Place.GetTensorTypeAndShape])(value, &info));
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)api[Place.GetDimensionsCount])(info, &rank));
        if (rank <= MostDimensions) Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)api[Place.GetDimensions])(info, shape, rank));
        ((delegate* unmanaged[Cdecl]<nint, void>)api[Place.ReleaseTensorTypeAndShape])(info);
        return rank <= MostDimensions ? (int)rank : throw new InvalidOperationException("A tensor has too many dimensions.");
    }

    public long Elements(nint value)
    {
        var shape = stackalloc long[MostDimensions];
        var rank = Shape(value, shape);
        var elements = 1L;
        for (var at = 0; at < rank; at++) elements *= shape[at];
        return elements;
    }

    public nint ParallelFor<T>(delegate* unmanaged[Cdecl]<T*, nuint, void> part, int total, T* argument) where T : unmanaged =>
        ((delegate* unmanaged[Cdecl]<nint, void*, nuint, nuint, void*, nint>)api[Place.ParallelFor])(context, part, (nuint)total, 0, argument);

    private static void Check(nint status)
    {
        if (status != 0) throw new InvalidOperationException("ONNX Runtime refused a call of a kernel.");
    }
}
