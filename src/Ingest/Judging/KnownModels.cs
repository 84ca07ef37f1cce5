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

    public KnownModel? Find(string named) => _found.GetOrAdd(named, name => WithOwner(name) ?? _files.Value.Find(name) ?? _bundle.Value.Find(name));

    public IReadOnlyList<KnownModel> Sizes(string named) => _files.Value.Sizes(named) is [_, ..] known ? known : _bundle.Value.Sizes(named);

    /// <summary>A model that once had no owner is found under the one it got, before any other that goes by the same name.</summary>
    private KnownModel? WithOwner(string name)
    {
        var owned = LegacyIds.Resolve(name);
        return _files.Value.Exactly(name) ?? _files.Value.Exactly(owned) ?? _bundle.Value.Exactly(owned);
    }

    private static List<KnownModel> Bundled()
    {
        List<KnownModel> bundled = [];
        List<string> issues = [];
        using var reader = new StreamReader(BundledCatalogue.Open());
        while (reader.ReadLine() is { } line)
        {
            if (HubModelReader.TryRead(System.Text.Encoding.UTF8.GetBytes(line), trusted: true, out var model, issues, out _))
                bundled.Add(new(model.Id, EvidenceExtractor.Read(model, model.Atlas?.Observed ?? default)));
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

        public KnownModel? Exactly(string id) => _byId.GetValueOrDefault(id);

        public KnownModel? Find(string named) => _names.Find(named) is { } id ? _byId[id] : null;

        public IReadOnlyList<KnownModel> Sizes(string named) => [.. _names.Sizes(named).Select(id => _byId[id])];
    }
}
