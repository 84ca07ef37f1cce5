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
        if (evidence.Line is { } line) VerdictLines.Write(lines, known.Rows.Id(row), line);
        else if (evidence.WithBases is { } all) WriteWithBases(lines, row, evidence, all);
        else Write(lines, row, evidence, evidence.Own);
    }

    private void Write(ArrayBufferWriter<byte> lines, int row, SharedEvidence evidence, EvidenceSet own)
    {
        if (!ModelLineage.HasBases(own))
        {
            if (evidence.Rows > 1) VerdictLines.Write(lines, known.Rows.Id(row), evidence.Line = VerdictLines.Body(Judge(own)));
            else VerdictLines.Write(lines, known.Rows.IdText(row), Judge(own)); // what only one row says is written once, and not kept
            return;
        }
        var id = known.Rows.IdText(row);
        var (all, forAnyId) = _lineage.WithBases(new(id, own));
        if (forAnyId && evidence.Rows > 1) WriteWithBases(lines, row, evidence, evidence.WithBases = all);
        else VerdictLines.Write(lines, id, Judge(ModelLineage.WithDuties(id, all)));
    }

    private void WriteWithBases(ArrayBufferWriter<byte> lines, int row, SharedEvidence evidence, EvidenceSet all)
    {
        var id = known.Rows.IdText(row);
        var found = ModelLineage.WithDuties(id, all);
        if (ReferenceEquals(found, all)) VerdictLines.Write(lines, known.Rows.Id(row), evidence.LineWithBases ??= VerdictLines.Body(Judge(all)));
        else VerdictLines.Write(lines, id, Judge(found));
    }

    private Verdict Judge(EvidenceSet found) => Classifier.Classify(found, lens);
}
