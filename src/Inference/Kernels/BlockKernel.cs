using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelAtlas.Inference.Kernels;

/// <summary>One node of a graph: the same activations times one matrix or several.</summary>
/// <param name="isGated">Of two products x and y, x · sigmoid(x) · y is given.</param>
internal sealed unsafe class BlockKernel(int products, bool isGated) : IKernel
{
    public const int MostProducts = 3;

    /// <summary>Outputs of a piece of work are a multiple of this, so that no cache line is written by two threads.</summary>
    private const int Together = 16;

    /// <summary>More than there are threads, so that one which is held up does not hold up the others.</summary>
    private const int MostPieces = 16;

    [ThreadStatic]
    private static ThreadRoom? _room;

    private readonly (nint Weights, nint Scales, nint Zeros)[] _checked = new (nint, nint, nint)[products];

    public nint Run(KernelCall call)
    {
        var activations = call.Input(0);
        var shape = stackalloc long[KernelCall.MostDimensions];
        var rank = call.Shape(activations, shape);
        var inner = rank == 0 ? 0 : checked((int)shape[rank - 1]);
        var blocks = inner / BlockProduct.Block;
        var count = 1L;
        for (var at = 0; at < rank - 1; at++) count = checked(count * shape[at]);
        var work = new Work { Values = (float*)call.Data(activations), Count = products, IsGated = isGated };
        for (var at = 0; at < products; at++)
        {
            var matrix = Matrix(call, at, inner);
            shape[rank - 1] = matrix.Outputs;
            var isAside = isGated && at > 0;
            if (isAside && matrix.Outputs != work.Outputs) throw new InvalidOperationException($"A gate of {work.Outputs} outputs does not fit {matrix.Outputs}.");
            work.Products[at] = new() { Matrix = matrix, Into = isAside ? (float*)(_room ??= new()).Take(checked(count * matrix.Outputs * sizeof(float))) : (float*)call.Data(call.Output((nuint)at, shape, rank)) };
            if (!isAside) work.Outputs = checked(work.Outputs + matrix.Outputs);
        }
        if (count == 0) return 0;
        work.Rows = new(checked((int)count), blocks);
        work.Pieces = (int)Math.Min(count, MostPieces);
        if (count == 1) work.Rows.Round(0, work.Values);
        else if (call.ParallelFor(&Round, work.Pieces, &work) is var failed && failed != 0) return failed;
        work.Pieces = Math.Clamp(work.Outputs / Together, 1, MostPieces);
        return call.ParallelFor(&Multiply, work.Pieces, &work);
    }

    /// <summary>Sizes are looked at once: weights are constants of the graph.</summary>
    private BlockMatrix Matrix(KernelCall call, int product, int inner)
    {
        var first = (nuint)(1 + (3 * product));
        var (weights, scales, zeros) = (call.Input(first), call.Input(first + 1), call.Input(first + 2));
        var shape = stackalloc long[KernelCall.MostDimensions];
        if (call.Shape(weights, shape) != 3 || shape[2] != BlockProduct.Block / 2 || shape[1] * BlockProduct.Block != inner) throw new InvalidOperationException($"Weights of 4 bits do not fit {inner} activations.");
        var (outputs, blocks) = (checked((int)shape[0]), (int)shape[1]);
        if (_checked[product] != (weights, scales, zeros))
        {
            if (call.Elements(scales) != (long)outputs * blocks || (zeros != 0 && call.Elements(zeros) != (long)outputs * ((blocks + 1) / 2)))
                throw new InvalidOperationException($"Scales or zero points do not fit {outputs} outputs of {blocks} blocks.");
            _checked[product] = (weights, scales, zeros);
        }
        return new(outputs, blocks, (byte*)call.Data(weights), (float*)call.Data(scales), zeros == 0 ? null : (byte*)call.Data(zeros));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Round(Work* work, nuint piece)
    {
        var rows = work->Rows;
        var (from, end) = ((int)(rows.Count * (long)piece / work->Pieces), (int)(rows.Count * ((long)piece + 1) / work->Pieces));
        for (var row = from; row < end; row++) rows.Round(row, work->Values + ((long)row * rows.Blocks * BlockProduct.Block));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Multiply(Work* work, nuint piece)
    {
        var (from, end) = (work->Start((long)piece), work->Start((long)piece + 1));
        if (work->IsGated)
        {
            var (gate, other) = (work->Products[0], work->Products[1]);
            BlockProduct.Multiply(gate.Matrix, work->Rows, gate.Into, from, end);
            BlockProduct.Multiply(other.Matrix, work->Rows, other.Into, from, end);
            for (var row = 0; row < work->Rows.Count; row++) Gate.Apply(gate.Into + ((long)row * work->Outputs) + from, other.Into + ((long)row * work->Outputs) + from, end - from);
            return;
        }
        for (var at = 0; at < work->Count; at++)
        {
            ref var product = ref work->Products[at];
            if (from < product.Matrix.Outputs && end > 0) BlockProduct.Multiply(product.Matrix, work->Rows, product.Into, Math.Max(0, from), Math.Min(end, product.Matrix.Outputs));
            from -= product.Matrix.Outputs;
            end -= product.Matrix.Outputs;
        }
    }

    private struct Work
    {
        public float* Values;
        public RoundedRows Rows;
        public ThreeProducts Products;
        public int Count;
        public int Outputs;
        public int Pieces;
        public bool IsGated;

        /// <summary>The first output of a piece, all products counted through.</summary>
        public readonly int Start(long piece) => piece == Pieces ? Outputs : (int)(Outputs * piece / Pieces / Together * Together);
    }

    private struct Product
    {
        public BlockMatrix Matrix;
        public float* Into;
    }

    [InlineArray(MostProducts)]
    private struct ThreeProducts
    {
        private Product _first;
    }
}
