using System.Buffers;
using System.Collections.Concurrent;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Judges models into lines; rows that share their evidence share what comes of it.</summary>
internal sealed class VerdictBench(KnownModels known, Lens lens)
{
    private const int BatchSize = 500;

    private readonly ModelLineage _lineage = new(known.Find, known.Sizes);
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _idle = []; // half a megabyte each: new ones for every batch would keep the collector busy

    /// <summary>The first row of each batch.</summary>
    public IEnumerable<int> Batches()
    {
        for (var row = 0; row < known.Rows.Count; row += BatchSize) yield return row;
    }

    public ArrayBufferWriter<byte> Lines(int first)
    {
        if (!_idle.TryTake(out var lines)) lines = new(BatchSize * 1024);
        for (var row = first; row < Math.Min(first + BatchSize, known.Rows.Count); row++) Write(lines, row);
        return lines;
    }

    public void TakeBack(ArrayBufferWriter<byte> lines)
    {
        lines.ResetWrittenCount();
        _idle.Add(lines);
    }

    private void Write(ArrayBufferWriter<byte> lines, int row)
    {
        var evidence = known.Rows.Evidence(row);
        if (!evidence.HasBases)
        {
            Write(lines, row, evidence, evidence.Own);
            return;
        }
        var (all, forAnyId) = evidence.WithBases is { } before ? (before, true) : _lineage.WithBases(known.Rows.Model(row));
        if (forAnyId) evidence.WithBases = all;
        var id = known.Rows.IdText(row);
        var found = ModelLineage.WithDuties(id, all);
        if (forAnyId && ReferenceEquals(found, all)) Write(lines, row, evidence, all);
        else VerdictLines.Write(lines, id, Judge(found));
    }

    /// <summary>What only one row says is written once, and not kept.</summary>
    private void Write(ArrayBufferWriter<byte> lines, int row, SharedEvidence evidence, EvidenceSet found)
    {
        if (evidence.Rows > 1) VerdictLines.Write(lines, known.Rows.Id(row), evidence.Line ??= VerdictLines.Body(Judge(found)));
        else VerdictLines.Write(lines, known.Rows.IdText(row), Judge(found));
    }

    private Verdict Judge(EvidenceSet found) => Classifier.Classify(found, lens);
}
