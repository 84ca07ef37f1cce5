namespace ModelAtlas.Inference.Kernels;

/// <summary>A node of a graph that computes by our code.</summary>
internal interface IKernel
{
    /// <returns>Zero, or a status of ONNX Runtime that says what went wrong.</returns>
    nint Run(KernelCall call);
}
