using System.Runtime.ExceptionServices;

namespace ModelAtlas.Inference.Architectures.Building;

/// <summary>Pieces of work on all cores; each lane keeps its buffers from piece to piece.</summary>
internal static class Lanes
{
    /// <param name="work">Gets the number of a piece. The last comes when all others are done: a file's length then tells that it is whole.</param>
    public static void Run<T>(long pieces, Func<T> buffers, Action<long, T> work, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.For(0L, pieces - 1, options, buffers, (piece, _, own) =>
            {
                work(piece, own);
                return own;
            }, _ => { });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (pieces > 0) work(pieces - 1, buffers());
    }
}
