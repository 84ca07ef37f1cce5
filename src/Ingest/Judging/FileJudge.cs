using System.Buffers;
using System.Collections.Concurrent;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Judging;

/// <summary>What <c>./atlas classify</c> reads.</summary>
public sealed record JudgedFiles(IReadOnlyList<string> Models, IReadOnlyList<string> Cards, IReadOnlyList<string> Datasets, string? Folder, Lens Lens, DateTimeOffset ObservedAt);

/// <summary>
/// Classifies the models of files without a database. Rows are read in parallel and kept as evidence, because a base may stand after its child;
/// then each is judged in the order of the files.
/// </summary>
public static class FileJudge
{
    private const int BatchSize = 500;

    /// <returns>How many models were judged.</returns>
    public static long Run(JudgedFiles files, Stream output, UnreadLines unread, CancellationToken cancellationToken)
    {
        var cards = new CardShelf();
        foreach (var path in files.Cards) cards.Add(path, unread);
        var datasets = new DatasetShelf();
        foreach (var path in files.Datasets) datasets.Add(path, unread);

        var shelf = new Shelf(cards, datasets, new(files.Folder));

        var models = Parallel(files.Models.SelectMany(ObjectFile.Read), cancellationToken)
            .Select(batch => Array.ConvertAll(batch, line => Read(line, files, shelf, unread)))
            .AsSequential()
            .SelectMany(batch => batch)
            .OfType<KnownModel>()
            .ToList();
        var known = new KnownModels(models);
        var bench = new Bench(new(known.Find, known.Sizes), files.Lens);
        foreach (var lines in Parallel(models, cancellationToken).Select(bench.Lines))
        {
            output.Write(lines.WrittenSpan);
            bench.TakeBack(lines);
        }
        output.Flush();
        return models.Count;
    }

    private static ParallelQuery<T[]> Parallel<T>(IEnumerable<T> items, CancellationToken cancellationToken) =>
        items.Chunk(BatchSize).AsParallel().AsOrdered().WithCancellation(cancellationToken).WithMergeOptions(ParallelMergeOptions.AutoBuffered);

    private static KnownModel? Read(FileLine line, JudgedFiles files, Shelf shelf, UnreadLines unread)
    {
        if (shelf.IsRowsOnly && shelf.Memory.Recall(line.Bytes) is { } recalled) return recalled;
        string? reason = "is too long";
        if (line.TooLong || !HubModelReader.TryRead(line.Bytes, trusted: false, out var model, [], out reason))
        {
            unread.Add(line, $"is no model row: {reason}");
            return null;
        }
        if (model.Siblings is null && shelf.Folder.Names(model.Id).Where(WeightFiles.Holds).ToList() is [_, ..] weights) model = model with { Siblings = [.. weights.Select(path => new HubFile(path))] };
        var card = shelf.Cards.Find(model.Id) ?? shelf.Folder.Card(model.Id);
        var texts = shelf.Folder.Texts(model.Id);
        return new(model.Id, card is null && texts.Count == 0 ? shelf.Memory.Read(model, Extract) : Extract(model));

        EvidenceSet Extract(HubModel model) => EvidenceExtractor.Read(new ModelSources(model, files.ObservedAt)
        {
            Card = card,
            Files = texts,
            Datasets = shelf.Datasets.IsEmpty ? null : shelf.Datasets.Find,
        });
    }

    /// <summary>Judges models; rows that share their evidence share what comes of it.</summary>
    private sealed class Bench(ModelLineage lineage, Lens lens)
    {
        private readonly ConcurrentDictionary<EvidenceSet, byte[]> _bodies = new(ReferenceEqualityComparer.Instance);
        private readonly ConcurrentDictionary<EvidenceSet, EvidenceSet> _withBases = new(ReferenceEqualityComparer.Instance);

        private readonly ConcurrentBag<ArrayBufferWriter<byte>> _idle = []; // half a megabyte each: new ones for every batch would keep the collector busy

        public ArrayBufferWriter<byte> Lines(KnownModel[] batch)
        {
            if (!_idle.TryTake(out var lines)) lines = new(BatchSize * 1024);
            foreach (var model in batch) VerdictLines.Write(lines, model.Id, Body(model));
            return lines;
        }

        public void TakeBack(ArrayBufferWriter<byte> lines)
        {
            lines.ResetWrittenCount();
            _idle.Add(lines);
        }

        private byte[] Body(KnownModel model)
        {
            if (!ModelLineage.HasBases(model.Evidence)) return Shared(model.Evidence);
            if (!_withBases.TryGetValue(model.Evidence, out var all))
            {
                (all, var forAnyId) = lineage.WithBases(model);
                if (!forAnyId) return Judge(ModelLineage.WithDuties(model.Id, all));
                all = _withBases.GetOrAdd(model.Evidence, all);
            }
            var found = ModelLineage.WithDuties(model.Id, all);
            return ReferenceEquals(found, all) ? Shared(all) : Judge(found);
        }

        private byte[] Shared(EvidenceSet found) => _bodies.GetOrAdd(found, Judge);

        private byte[] Judge(EvidenceSet found) => VerdictLines.Body(Classifier.Classify(found, lens));
    }

    /// <summary>What is at hand beside the rows.</summary>
    private sealed record Shelf(CardShelf Cards, DatasetShelf Datasets, RepoFolder Folder)
    {
        public bool IsRowsOnly { get; } = Cards.IsEmpty && Folder.IsEmpty;

        public RowMemory Memory { get; } = new();
    }
}
