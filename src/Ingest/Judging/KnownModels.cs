using System.Collections.Concurrent;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Where bases are looked up: among the models of the files, then in the catalogue that comes with the program. A model is never judged by what the latter says of itself.</summary>
internal sealed class KnownModels(IReadOnlyList<KnownModel> models)
{
    private readonly Lazy<Index> _files = new(() => new(models));
    private readonly Lazy<Index> _bundle = new(() => new(Bundled()));
    private readonly ConcurrentDictionary<string, KnownModel?> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An id stands for itself. What else a name may mean is asked in the catalogue's order: the models that come with the program before any of the same name.</summary>
    public KnownModel? Find(string named) => _found.GetOrAdd(named, name =>
        ById(name) ?? (BundledNames.Find(name) is { } id ? ById(id) : null) ?? _files.Value.Find(name));

    public IReadOnlyList<KnownModel> Sizes(string named) =>
        BundledNames.Sizes(named) is [_, ..] notable ? [.. notable.Select(ById).OfType<KnownModel>()] : _files.Value.Sizes(named);

    private KnownModel? ById(string id) => _files.Value.ById(id) ?? _bundle.Value.ById(id);

    private static List<KnownModel> Bundled()
    {
        List<KnownModel> bundled = [];
        List<string> issues = [];
        using var reader = new StreamReader(BundledCatalogue.Open());
        while (reader.ReadLine() is { } line)
        {
            if (!HubModelReader.TryRead(System.Text.Encoding.UTF8.GetBytes(line), trusted: true, out var model, issues, out _)) continue;
            var observed = model.Atlas?.Observed ?? default;
            bundled.Add(new(model.Id, EvidenceExtractor.Read(CurrentView.Of(new(model, observed)), observed)));
        }
        return bundled;
    }

    private sealed class Index
    {
        private readonly Dictionary<string, KnownModel> _byId = new(StringComparer.OrdinalIgnoreCase);
        private readonly ModelNames _names;

        public Index(IReadOnlyList<KnownModel> models)
        {
            foreach (var model in models) _byId.TryAdd(model.Id, model);
            _names = new(_byId.Keys);
        }

        public KnownModel? ById(string id) => _byId.GetValueOrDefault(id);

        public KnownModel? Find(string named) => _names.Find(named) is { } id ? _byId[id] : null;

        public IReadOnlyList<KnownModel> Sizes(string named) => [.. _names.Sizes(named).Select(id => _byId[id])];
    }
}
