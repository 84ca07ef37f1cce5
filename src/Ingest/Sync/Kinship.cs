using ModelAtlas.Domain.Catalog;
using ModelAtlas.Domain.Evidence;
using ModelAtlas.Domain.Lineage;
using ModelAtlas.Ingest.Bundled;
using ModelAtlas.Ingest.Code;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using Npgsql;

namespace ModelAtlas.Ingest.Sync;

/// <summary>
/// The rows of a page together with everything they were made from and trained on, as the catalogue knows it: loaded generation by generation, one query each, before any is judged.
/// Rows of the page count as they are now, not as the table still has them.
/// </summary>
internal sealed class Kinship
{
    /// <summary>So many models at most are read for one page; what lies beyond is told as not known.</summary>
    private const int Most = 20_000;

    private readonly KnownEvidence _known;
    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<int, Relative> _byId = [];
    private readonly Dictionary<string, Relative> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly ModelNames _here;
    private readonly Dictionary<string, string> _only = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<string>> _sizes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<OwnEvidence, (EvidenceSet All, Assessment Whole)> _judged = new(ReferenceEqualityComparer.Instance);
    private Dictionary<string, HubDataset> _datasets = [];
    private Dictionary<string, CodeRepository> _code = [];

    private Kinship(NpgsqlConnection connection, KnownEvidence known, IReadOnlyList<Relative> rows)
    {
        (_connection, _known) = (connection, known);
        foreach (var row in rows)
        {
            if (row.Id != 0) _byId[row.Id] = row;
            _byName.TryAdd(row.RepoId, row);
        }
        _here = new(rows.Select(row => row.RepoId));
        Lineage = new(name => Find(name) is { } found ? new(found.RepoId, EvidenceOf(found)) : null, Sizes);
    }

    public ModelLineage Lineage { get; }

    public static async Task<Kinship> OfAsync(NpgsqlConnection connection, KnownEvidence known, IReadOnlyList<Relative> rows, CancellationToken cancellationToken)
    {
        var kin = new Kinship(connection, known, rows);
        var generation = rows;
        for (var depth = 0; depth < ModelLineage.MostGenerations && generation is not []; depth++) generation = await kin.AskAsync(generation, cancellationToken);
        List<string> datasets = [.. kin._byId.Values.Concat(rows).SelectMany(row => row.Own.DatasetIds).Distinct(StringComparer.OrdinalIgnoreCase)];
        kin._datasets = await DatasetTable.KnownAsync(connection, datasets, cancellationToken);
        kin._code = await CodeTable.FindAsync(connection, [.. kin._byId.Values.Concat(rows).SelectMany(row => CodeEvidence.Named(row.Own.Items)).Select(address => address.Url).Distinct()], cancellationToken);
        return kin;
    }

    /// <summary>The model that a base's name stands for; null when it is not known, or when several could be meant.</summary>
    public Relative? Find(string name) => _byName.GetValueOrDefault(name)
        ?? (BundledNames.Find(name) is { } id ? _byName.GetValueOrDefault(id) : null)
        ?? (_only.TryGetValue(name, out var only) ? _byName.GetValueOrDefault(only) : null);

    /// <summary>What the model's own sources, its code and its datasets say.</summary>
    public EvidenceSet EvidenceOf(Relative row) => row.Evidence ??= (_code.Count == 0 ? row.Own : row.Own.WithCode(_code.GetValueOrDefault)).With(_datasets.Count == 0 ? null : _datasets.GetValueOrDefault);

    /// <summary>The judgement of a row. Rows that share their evidence share what comes of it, unless a base leads back to the row itself or its name owes something.</summary>
    public Assessment Judge(Relative row)
    {
        if (_judged.TryGetValue(row.Own, out var known)) return Of(row, known.All, known.Whole);
        var own = EvidenceOf(row);
        if (!ModelLineage.HasBases(own)) return Of(row, own);
        var (all, forAnyId) = Lineage.WithBases(new(row.RepoId, own));
        if (!forAnyId) return Of(row, ModelLineage.WithDuties(row.RepoId, all));
        var whole = Of(row, all);
        _judged[row.Own] = (all, whole);
        return Of(row, all, whole);
    }

    private Assessment Of(Relative row, EvidenceSet all, Assessment shared) =>
        ModelLineage.WithDuties(row.RepoId, all) is var found && ReferenceEquals(found, all) ? shared : Of(row, found);

    private Assessment Of(Relative row, EvidenceSet all) =>
        Assessment.Of(all, [.. row.Own.Bases.DistinctBy(named => named.Quote, StringComparer.Ordinal).Select(named => (named, Find(named.Quote ?? "")))], row.Own);

    private List<KnownModel> Sizes(string name) =>
        [.. (BundledNames.Sizes(name) is [_, ..] notable ? notable : _sizes.GetValueOrDefault(name) ?? []).Select(id => _byName.GetValueOrDefault(id)).OfType<Relative>().Select(row => new KnownModel(row.RepoId, EvidenceOf(row)))];

    /// <summary>Finds the bases of these models. Returns those that were not at hand yet.</summary>
    private async Task<List<Relative>> AskAsync(IReadOnlyList<Relative> children, CancellationToken cancellationToken)
    {
        List<string> names = [.. children.SelectMany(child => child.Own.Bases.Take(ModelLineage.MostParents)).Select(item => item.Quote).OfType<string>().Where(_asked.Add)];
        if (names is []) return [];
        List<string> spoken = names.FindAll(name => !name.Contains('/', StringComparison.Ordinal));
        names.AddRange(spoken.SelectMany(name => BundledNames.Find(name) is { } id ? [id] : BundledNames.Sizes(name)).Where(_asked.Add));
        var found = await BaseTable.FindAsync(_connection, names.FindAll(name => !_byName.ContainsKey(name)), cancellationToken);
        var met = await MeetAsync(found, cancellationToken);

        var strange = names.FindAll(name => name.Contains('/', StringComparison.Ordinal) && Find(name) is null);
        met.AddRange(await MeetAsync(await BaseTable.FindInAnyCaseAsync(_connection, strange, cancellationToken), cancellationToken));
        met.AddRange(await MeetAsync(await SpokenAsync(spoken.FindAll(name => Find(name) is null && BundledNames.Sizes(name) is []), cancellationToken), cancellationToken));
        return met;
    }

    /// <summary>The models, in the table and on the page, that these names stand for: the only one of the name, or the sizes and versions of it.</summary>
    private async Task<List<NamedModel>> SpokenAsync(List<string> names, CancellationToken cancellationToken)
    {
        var meant = new List<NamedModel>();
        var stored = (await BaseTable.FindSpokenAsync(_connection, names, cancellationToken)).ToLookup(found => found.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            var there = stored[name].DistinctBy(found => found.RepoId, StringComparer.OrdinalIgnoreCase).ToDictionary(found => found.RepoId, StringComparer.OrdinalIgnoreCase);
            var all = new ModelNames([.. _here.Find(name) is { } one ? [one] : _here.Sizes(name), .. there.Keys]);
            List<string> members = there.Count > BaseTable.MostOfAName ? [] : [.. all.Sizes(name)];
            if (all.Find(name) is { } only) members = [_only[name] = only];
            else _sizes[name] = members;
            meant.AddRange(members.Where(id => !_byName.ContainsKey(id)).Select(id => there[id] with { Name = id }));
        }
        return meant;
    }

    /// <summary>Reads the evidence of models that nobody has read yet, and lets them be found by these names.</summary>
    private async Task<List<Relative>> MeetAsync(IReadOnlyList<NamedModel> found, CancellationToken cancellationToken)
    {
        var missing = found.Where(named => !_byId.ContainsKey(named.Id)).DistinctBy(named => named.Id).Take(Most - _byId.Count).ToList();
        var unread = missing.Where(named => _known.Find(named.Id, named.Rev) is null).ToDictionary(named => named.Id);
        var read = (await ModelStore.FindAsync(_connection, unread.Keys, cancellationToken)).ToDictionary(row => row.Id, Assessment.Read);
        List<Relative> met = [.. missing.Select(named => new Relative(named.RepoId, read.GetValueOrDefault(named.Id) ?? _known.Find(named.Id, named.Rev) ?? OwnEvidence.Empty) { Id = named.Id })];
        foreach (var relative in met) _byId[relative.Id] = relative;
        foreach (var (id, own) in read) _known.Keep(id, unread[id].Rev, own);
        foreach (var named in found)
            if (_byId.TryGetValue(named.Id, out var relative)) _byName.TryAdd(named.Name, relative);
        return met;
    }
}

/// <summary>A model as its children and its parents see it.</summary>
internal sealed record Relative(string RepoId, OwnEvidence Own)
{
    /// <summary>The row of a page that it is; null for one that was only asked about.</summary>
    public StoredModel? Row { get; init; }

    /// <summary>0 as long as it has no number.</summary>
    public int Id { get => Row?.Id ?? field; init; }

    public EvidenceSet? Evidence { get; set; }
}
