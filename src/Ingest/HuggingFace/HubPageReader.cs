using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Takes a listing apart element by element, so that one bad element costs only itself.</summary>
internal static class HubPageReader
{
    public static HubPage Read(ReadOnlyMemory<byte> list, string question, string? next, string? stopped)
    {
        var datasets = question.StartsWith("api/datasets", StringComparison.Ordinal);
        var page = new Draft();
        var issues = new List<string>();
        HubList.TrySplit(list, out var elements);
        foreach (var (at, element) in elements.Index())
        {
            issues.Clear();
            if (datasets) page.TakeDataset(element.Span, at, issues);
            else page.TakeModel(element.Span, at, issues);
        }
        return new(page.Models, page.Datasets, page.Unreadable, next, stopped, page.Private);
    }

    private sealed class Draft
    {
        public List<HubModel> Models { get; } = [];
        public List<HubDataset> Datasets { get; } = [];
        public List<UnreadableElement> Unreadable { get; } = [];
        public int Private { get; private set; }

        public void TakeModel(ReadOnlySpan<byte> element, int at, List<string> issues)
        {
            if (!HubModelReader.TryRead(element, trusted: false, out var model, issues, out var reason)) Refuse(element, at, reason, ElementKind.Model);
            else if (model.Private == true) Private++;
            else Models.Add(model);
        }

        public void TakeDataset(ReadOnlySpan<byte> element, int at, List<string> issues)
        {
            if (!HubDatasetReader.TryRead(element, out var dataset, issues, out var reason)) Refuse(element, at, reason, ElementKind.Dataset);
            else if (dataset.Private == true) Private++;
            else Datasets.Add(dataset);
        }

        private void Refuse(ReadOnlySpan<byte> element, int at, string reason, ElementKind kind) =>
            Unreadable.Add(UnreadableElement.Of($"element {at + 1}", reason, element, kind));
    }
}
