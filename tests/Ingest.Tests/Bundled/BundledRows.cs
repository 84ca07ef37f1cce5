using System.Text;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Judging;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Tests.Bundled;

/// <summary>The bundled catalogue, read once, with the verdict of each row.</summary>
internal static class BundledRows
{
    private static readonly Lazy<List<(HubModel Model, Verdict Verdict)>> Read = new(() =>
    {
        List<(HubModel Model, EvidenceSet Own)> rows = [.. Lines().Select(Row)];
        var known = new KnownModels([.. rows.Select(row => new KnownModel(row.Model.Id, row.Own))]);
        var lineage = new ModelLineage(known.Find, known.Sizes);
        return [.. rows.Select(row => (row.Model, Classifier.Classify(lineage.Inherit(row.Model.Id, row.Own))))];
    });

    public static IReadOnlyList<(HubModel Model, Verdict Verdict)> All => Read.Value;

    public static IEnumerable<HubModel> Models => All.Select(row => row.Model);

    public static (HubModel Model, Verdict Verdict) Of(string id) => All.Single(row => row.Model.Id == id);

    public static IEnumerable<string> Lines()
    {
        using var reader = new StreamReader(BundledCatalogue.Open(), Encoding.UTF8);
        while (reader.ReadLine() is { } line) yield return line;
    }

    public static DateTime Observed(HubModel model) => model.Atlas?.Observed ?? throw new InvalidDataException($"{model.Id} has no date.");

    private static (HubModel, EvidenceSet) Row(string line)
    {
        List<string> issues = [];
        if (!HubModelReader.TryRead(Encoding.UTF8.GetBytes(line), trusted: true, out var model, issues, out var reason)) throw new InvalidDataException($"{reason}: {line}");
        if (issues is not []) throw new InvalidDataException($"{model.Id}: {string.Join(' ', issues)}");
        return (model, EvidenceExtractor.Read(CurrentView.Of(new(model, Observed(model))), Observed(model)));
    }
}
