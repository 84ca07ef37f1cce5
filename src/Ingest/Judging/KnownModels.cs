using System.Collections.Concurrent;
using System.Text;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Where bases are looked up: among the models of the files, then in the catalogue that comes with the program. A model is never judged by what the latter says of itself.</summary>
internal sealed class KnownModels
{
    private static readonly Lazy<Bundle> Bundled = new(() => new());
    private const int LongestId = 512;

    private readonly ConcurrentDictionary<string, KnownModel?> _found = new(StringComparer.OrdinalIgnoreCase);
    private readonly RowIndex _byId;
    private readonly ModelNames _names;

    public KnownModels(RowList rows)
    {
        (Rows, _byId) = (rows, new(rows));
        _names = new(Spoken, id => _byId.Find(id) is { } row ? rows.IdText(row) : null);
        Index(0);
    }

    public RowList Rows { get; }

    /// <summary>The first row of an id counts. All are added before any is looked up.</summary>
    public void Add(RowList rows)
    {
        var first = Rows.Count;
        Rows.AddAll(rows);
        Index(first);
    }

    /// <summary>An id stands for itself, also one from before models had owners. What else a name may mean is asked in the catalogue's order: the models that come with the program before any of the same name.</summary>
    public KnownModel? Find(string named) => _found.GetOrAdd(named, name =>
        OfFiles(name) ?? ById(LegacyIds.Resolve(name)) ?? (BundledNames.Find(name) is { } id ? ById(id) : null) ?? (_names.Find(name) is { } only ? OfFiles(only) : null));

    public IReadOnlyList<KnownModel> Sizes(string named) =>
        BundledNames.Sizes(named) is [_, ..] notable ? [.. notable.Select(ById).OfType<KnownModel>()] : [.. _names.Sizes(named).Select(OfFiles).OfType<KnownModel>()];

    private void Index(int first)
    {
        for (var row = first; row < Rows.Count; row++) _byId.Add(row);
    }

    private SpokenNames Spoken()
    {
        var spoken = new SpokenNames(Rows.IdText);
        Span<char> letters = stackalloc char[LongestId];
        for (var row = 0; row < Rows.Count; row++)
        {
            if (Encoding.UTF8.TryGetChars(Rows.Id(row), letters, out var length)) spoken.Add(row, letters[..length]);
        }
        return spoken;
    }

    private KnownModel? ById(string id) => OfFiles(id) ?? Bundled.Value.Find(id);

    private KnownModel? OfFiles(string id) => _byId.Find(id) is { } row ? Rows.Model(row) : null;

    private sealed class Bundle
    {
        private readonly Dictionary<string, KnownModel> _byId = new(StringComparer.OrdinalIgnoreCase);

        public Bundle()
        {
            List<string> issues = [];
            using var reader = new StreamReader(BundledCatalogue.Open());
            while (reader.ReadLine() is { } line)
            {
                if (!HubModelReader.TryRead(Encoding.UTF8.GetBytes(line), trusted: true, out var model, issues, out _)) continue;
                var observed = model.Atlas?.Observed ?? default;
                _byId.TryAdd(model.Id, new(model.Id, EvidenceExtractor.Read(CurrentView.Of(new(model, observed)), observed)));
            }
        }

        public KnownModel? Find(string id) => _byId.GetValueOrDefault(id);
    }
}
