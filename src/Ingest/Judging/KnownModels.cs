using System.Collections.Concurrent;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Where bases are looked up: among the models of the files, then in the catalogue that comes with the program. A model is never judged by what the latter says of itself.</summary>
internal sealed class KnownModels
{
    private readonly Index _files = new();
    private readonly Lazy<Index> _bundle = new(() => new(Bundled()));
    private readonly ConcurrentDictionary<string, KnownModel?> _found = new(StringComparer.OrdinalIgnoreCase);

    public KnownModels(IEnumerable<KnownModel> models)
    {
        foreach (var model in models) Add(model);
    }

    /// <summary>The first row of an id counts. All are added before any is looked up.</summary>
    public void Add(KnownModel model) => _files.Add(model);

    /// <summary>An id stands for itself, also one from before models had owners. What else a name may mean is asked in the catalogue's order: the models that come with the program before any of the same name.</summary>
    public KnownModel? Find(string named) => _found.GetOrAdd(named, name =>
        _files.ById(name) ?? ById(LegacyIds.Resolve(name)) ?? (BundledNames.Find(name) is { } id ? ById(id) : null) ?? _files.Find(name));

    public IReadOnlyList<KnownModel> Sizes(string named) =>
        BundledNames.Sizes(named) is [_, ..] notable ? [.. notable.Select(ById).OfType<KnownModel>()] : _files.Sizes(named);

    private KnownModel? ById(string id) => _files.ById(id) ?? _bundle.Value.ById(id);

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

        public Index(IEnumerable<KnownModel>? models = null)
        {
            foreach (var model in models ?? []) Add(model);
            _names = new(_byId.Keys, id => _byId.TryGetValue(id, out var known) ? known.Id : null);
        }

        public void Add(KnownModel model) => _byId.TryAdd(model.Id, model);

        public KnownModel? ById(string id) => _byId.GetValueOrDefault(id);

        public KnownModel? Find(string named) => _names.Find(named) is { } id ? _byId[id] : null;

        public IReadOnlyList<KnownModel> Sizes(string named) => [.. _names.Sizes(named).Select(id => _byId[id])];
    }
}
