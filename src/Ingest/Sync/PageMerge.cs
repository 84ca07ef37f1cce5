using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Merges a page of models into the rows that they belong to. Decides identity: the hub's own id first, then the name, then a name the model once had. Pure.</summary>
internal sealed class PageMerge
{
    private readonly Dictionary<string, StoredModel> _byHubId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredModel> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredModel> _byAlias = new(StringComparer.Ordinal);
    private readonly string _source;

    public PageMerge(string source, IEnumerable<StoredModel> rows, IEnumerable<KeyValuePair<string, StoredModel>> aliases)
    {
        _source = source;
        foreach (var row in rows) Index(row);
        foreach (var (alias, row) in aliases) _byAlias[alias] = row;
    }

    /// <summary>The row of each observation, in their order; null for one that is about a repository which no longer has the name.</summary>
    public List<StoredModel?> Taken { get; } = [];

    public Dictionary<string, (StoredModel Row, AliasReason Reason, DateTime Since)> NewAliases { get; } = new(StringComparer.Ordinal);

    public HashSet<string> DroppedAliases { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows that turned out to be an earlier name of another one.</summary>
    public List<(StoredModel From, StoredModel Into)> Absorbed { get; } = [];

    /// <summary>True when a row found by this observation can be updated without reading its facts.</summary>
    public static bool SaysNothingNew(IncomingModel incoming, StoredModel row) =>
        incoming.Card is null && incoming.Hash == row.Hash && incoming.Model.Id == row.RepoId && (incoming.Model.HubId is null || incoming.Model.HubId == row.HubId);

    /// <summary>The rows that an observation may concern.</summary>
    public IEnumerable<StoredModel> Candidates(IncomingModel incoming)
    {
        if (incoming.Model.HubId is { } hubId && _byHubId.TryGetValue(hubId, out var known)) yield return known;
        if (_byName.TryGetValue(incoming.Model.Id, out var named)) yield return named;
        if (_byAlias.TryGetValue(incoming.Model.Id, out var aliased)) yield return aliased;
    }

    public void Take(IncomingModel incoming)
    {
        var row = incoming.IsCardOnly ? _byName.GetValueOrDefault(incoming.Model.Id) ?? _byAlias.GetValueOrDefault(incoming.Model.Id) : Find(incoming);
        Taken.Add(row);
        if (row is null) return;
        if (row.HubId is null && incoming.Model.HubId is { } hubId)
        {
            row.HubId = hubId;
            row.Moved = true;
            _byHubId[hubId] = row;
        }
        if (incoming.OldId is { } old && !_byAlias.ContainsKey(old) && !_byName.ContainsKey(old)) Alias(old, row, AliasReason.Legacy, incoming.At);
        if (incoming.Card is { } card) TakeCard(row, card, incoming.At);
        if (incoming.IsCardOnly) return;
        if (!row.IsNew && row.Now is null) Recount(row, incoming);
        else Merge(row, incoming);
    }

    private static void TakeCard(StoredModel row, HubCard card, DateTime at)
    {
        var license = card.License ?? row.Card?.License;
        if (row.Card is not { } before || (at >= before.At && (card.Text, card.Sha, license) != (before.Text, before.Sha, before.License)))
            row.Card = new(card.Text, card.Sha, license, at, IsNews: true);
    }

    private StoredModel? Find(IncomingModel incoming)
    {
        var (id, hubId) = (incoming.Model.Id, incoming.Model.HubId);
        var named = _byName.GetValueOrDefault(id);
        if (IsService(incoming.Model))
        {
            if ((named ?? _byAlias.GetValueOrDefault(id))?.Now is { } repository && !IsService(repository.Model)) return null;
        }
        else if (named?.Now is { } service && IsService(service.Model)) Clear(named);
        if (hubId is not null && _byHubId.TryGetValue(hubId, out var known)) return known == named ? known : Rename(known, named, incoming);
        if (named is not null) return hubId is null || named.HubId is null ? named : Replace(named, incoming);
        if (_byAlias.TryGetValue(id, out var aliased))
        {
            if (hubId is null || aliased.HubId is null) return aliased;
            Unalias(id);
        }
        var added = new StoredModel(id) { HubId = hubId };
        Index(added);
        return added;
    }

    /// <summary>The repository is known under another name. The newer name is the one it has, the older one an alias; a row that stood under either without identity was the same model.</summary>
    private StoredModel Rename(StoredModel known, StoredModel? named, IncomingModel incoming)
    {
        var id = incoming.Model.Id;
        var newer = incoming.At > known.Stamp || (incoming.At == known.Stamp && string.CompareOrdinal(id, known.RepoId) > 0);
        if (!newer)
        {
            if (named is { HubId: not null }) return known;
            if (named is not null) Absorb(named, known);
            Alias(id, known, AliasReason.Renamed, incoming.At);
            return known;
        }
        if (named is not null) Absorb(named, known);
        Unalias(id);
        _byName.Remove(known.RepoId);
        Alias(known.RepoId, known, AliasReason.Renamed, incoming.At);
        known.RepoId = id;
        known.Moved = true;
        _byName[id] = known;
        return known;
    }

    /// <summary>Another repository has the name now. Nothing of the old one is true of it.</summary>
    private StoredModel? Replace(StoredModel row, IncomingModel incoming)
    {
        var newer = incoming.At > row.Stamp || (incoming.At == row.Stamp && string.CompareOrdinal(incoming.Model.HubId, row.HubId) > 0);
        return newer ? Clear(row) : null;
    }

    /// <summary>A repository is never what a list of services says of its name.</summary>
    private static bool IsService(HubModel model) => model.Atlas?.Kind == "service";

    private StoredModel Clear(StoredModel row)
    {
        if (row.HubId is { } before) _byHubId.Remove(before);
        row.HubId = null;
        row.Now = new(new() { Id = row.RepoId }, DateTime.MinValue);
        row.Moved = true;
        return row;
    }

    private void Absorb(StoredModel from, StoredModel into)
    {
        if (from.HubId is null && from.Now is { } facts && facts.At != DateTime.MinValue && into.Now is { } now) (into.Now, into.Only) = (ObservationMerger.Merge(now, facts), null);
        if (from.HubId is { } hubId) _byHubId.Remove(hubId);
        _byName.Remove(from.RepoId);
        foreach (var (alias, _) in _byAlias.Where(pair => pair.Value == from).ToList()) _byAlias[alias] = into;
        foreach (var (alias, added) in NewAliases.Where(pair => pair.Value.Row == from).ToList()) NewAliases[alias] = added with { Row = into };
        for (var at = 0; at < Taken.Count; at++)
            if (Taken[at] == from) Taken[at] = into;
        into.Moved = true;
        Absorbed.Add((from, into));
    }

    private void Merge(StoredModel row, IncomingModel incoming)
    {
        if (row.Now is null || incoming.At >= row.Stamp) (row.Hash, row.Source) = (incoming.Hash, _source);
        (row.Now, row.Only) = row.Now is { } now && now.At != DateTime.MinValue ? (ObservationMerger.Merge(now, incoming.Observation), null) : (incoming.Observation, incoming);
    }

    /// <summary>The same again: newer counters are kept, and the day it was seen.</summary>
    public static void Recount(StoredModel row, IncomingModel incoming)
    {
        if (incoming.At < row.Stamp) return;
        var counters = StoredModel.CountersOf(row.Id, incoming.Model, incoming.At);
        if (row.Counters is { } before)
        {
            if (incoming.At == row.Stamp) counters = StoredModel.Greater(counters, before);
            if (StoredModel.Same(counters, before)) return;
        }
        row.Recount = counters;
    }

    private void Alias(string name, StoredModel row, AliasReason reason, DateTime since)
    {
        if (_byAlias.GetValueOrDefault(name) == row) return;
        _byAlias[name] = row;
        DroppedAliases.Remove(name);
        NewAliases[name] = (row, reason, since);
    }

    private void Unalias(string name)
    {
        if (!_byAlias.Remove(name)) return;
        NewAliases.Remove(name);
        DroppedAliases.Add(name);
    }

    private void Index(StoredModel row)
    {
        _byName[row.RepoId] = row;
        if (row.HubId is { } hubId) _byHubId[hubId] = row;
    }
}
