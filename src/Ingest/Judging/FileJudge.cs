using System.Buffers;
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

        var models = Parallel(files.Models.SelectMany(ObjectFile.Read), cancellationToken)
            .Select(batch => Array.ConvertAll(batch, line => Read(line, files, cards, unread)))
            .AsSequential()
            .SelectMany(batch => batch)
            .OfType<KnownModel>()
            .ToList();
        var lineage = new ModelLineage(Finder(models));
        foreach (var lines in Parallel(models, cancellationToken).Select(batch => Judge(batch, lineage, files.Lens))) output.Write(lines.WrittenSpan);
        output.Flush();
        return models.Count;
    }

    private static ParallelQuery<T[]> Parallel<T>(IEnumerable<T> items, CancellationToken cancellationToken) =>
        items.Chunk(BatchSize).AsParallel().AsOrdered().WithCancellation(cancellationToken).WithMergeOptions(ParallelMergeOptions.AutoBuffered);

    private static KnownModel? Read(FileLine line, JudgedFiles files, CardShelf cards, UnreadLines unread)
    {
        string? reason = "is too long";
        if (line.TooLong || !HubModelReader.TryRead(line.Bytes, trusted: false, out var model, [], out reason))
        {
            unread.Add(line, $"is no model row: {reason}");
            return null;
        }
        return new(model.Id, EvidenceExtractor.Read(model, cards.Find(model.Id), files.ObservedAt));
    }

    private static Func<string, KnownModel?> Finder(List<KnownModel> models)
    {
        var names = new Lazy<(ModelNames Names, Dictionary<string, KnownModel> ById)>(() =>
        {
            var found = new ModelNames();
            Dictionary<string, KnownModel> byId = new(StringComparer.OrdinalIgnoreCase);
            foreach (var model in models)
            {
                found.Add(model.Id);
                byId.TryAdd(model.Id, model);
            }
            return (found, byId);
        });
        return named => names.Value.Names.Find(named) is { } id ? names.Value.ById[id] : null;
    }

    private static ArrayBufferWriter<byte> Judge(KnownModel[] batch, ModelLineage lineage, Lens lens)
    {
        var lines = new ArrayBufferWriter<byte>(BatchSize * 1024);
        foreach (var model in batch) VerdictLines.Write(lines, model.Id, Classifier.Classify(lineage.Inherit(model.Id, model.Evidence), lens));
        return lines;
    }
}
