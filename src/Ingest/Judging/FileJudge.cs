using System.Collections.Concurrent;
using System.Runtime;
using ModelAtlas.Domain.Classification;

namespace ModelAtlas.Ingest.Judging;

/// <summary>What <c>./atlas classify</c> reads.</summary>
public sealed record JudgedFiles(IReadOnlyList<string> Models, IReadOnlyList<string> Cards, IReadOnlyList<string> Datasets, string? Folder, Lens Lens, DateTimeOffset ObservedAt);

/// <summary>
/// Classifies the models of files without a database. Rows are read in parallel and kept as evidence, because a base may stand after its child;
/// then each is judged in the order of the files.
/// </summary>
public static class FileJudge
{
    /// <returns>How many models were judged.</returns>
    public static long Run(JudgedFiles files, Stream output, UnreadLines unread, CancellationToken cancellationToken)
    {
        GCSettings.LatencyMode = GCLatencyMode.Batch; // nobody waits for an answer here: a collector that works beside the program only takes a processor from it
        var reader = new ModelReader(files, unread);
        var known = new KnownModels([]);
        foreach (var rows in Parallel(files.Models.SelectMany(ObjectFile.Blocks), cancellationToken).Select(reader.Read)) known.Add(rows); // here, while others read

        var bench = new VerdictBench(known, files.Lens);
        foreach (var lines in Parallel(bench.Batches(), cancellationToken).Select(bench.Lines))
        {
            output.Write(lines.WrittenSpan);
            bench.TakeBack(lines);
        }
        output.Flush();
        return known.Rows.Count;
    }

    /// <summary>One item to a thread at a time: taking many at once would let one thread read the whole file while the others wait.</summary>
    private static ParallelQuery<T> Parallel<T>(IEnumerable<T> items, CancellationToken cancellationToken) =>
        Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().WithCancellation(cancellationToken).WithMergeOptions(ParallelMergeOptions.AutoBuffered);
}
