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
        var bodies = new ConcurrentDictionary<EvidenceSet, byte[]>(ReferenceEqualityComparer.Instance);
        var lineage = new ModelLineage(known.Find, known.Sizes);
        foreach (var lines in Parallel(models, cancellationToken).Select(batch => Judge(batch, lineage, files.Lens, bodies))) output.Write(lines.WrittenSpan);
        output.Flush();
        return models.Count;
    }

    private static ParallelQuery<T[]> Parallel<T>(IEnumerable<T> items, CancellationToken cancellationToken) =>
        items.Chunk(BatchSize).AsParallel().AsOrdered().WithCancellation(cancellationToken).WithMergeOptions(ParallelMergeOptions.AutoBuffered);

    private static KnownModel? Read(FileLine line, JudgedFiles files, Shelf shelf, UnreadLines unread)
    {
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

    private static ArrayBufferWriter<byte> Judge(KnownModel[] batch, ModelLineage lineage, Lens lens, ConcurrentDictionary<EvidenceSet, byte[]> bodies)
    {
        var lines = new ArrayBufferWriter<byte>(BatchSize * 1024);
        foreach (var model in batch)
        {
            var all = lineage.Inherit(model.Id, model.Evidence);
            var body = ReferenceEquals(all, model.Evidence)
                ? bodies.GetOrAdd(all, found => VerdictLines.Body(Classifier.Classify(found, lens)))
                : VerdictLines.Body(Classifier.Classify(all, lens));
            VerdictLines.Write(lines, model.Id, body);
        }
        return lines;
    }

    /// <summary>What is at hand beside the rows.</summary>
    private sealed record Shelf(CardShelf Cards, DatasetShelf Datasets, RepoFolder Folder)
    {
        public RowMemory Memory { get; } = new();
    }
}
