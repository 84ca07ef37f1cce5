using System.Collections.Concurrent;
using ModelAtlas.Domain.Classification;
using ModelAtlas.Domain.Evidence;

namespace ModelAtlas.Domain.Lineage;

/// <summary>A model that somebody's evidence is known of.</summary>
public sealed record KnownModel(string Id, EvidenceSet Evidence);

/// <summary>
/// Adds to a model's own evidence what its bases give and impose: their data level (a derived model can be changed no better than its base), their licence and their code.
/// Bases come from tags, metadata and prose; a missing one, a cycle or a chain too long is told as not known, never guessed.
/// </summary>
/// <param name="find">A model by its id or by the name that prose gives it.</param>
/// <param name="sizes">The sizes of a model that prose names without one.</param>
public sealed class ModelLineage(Func<string, KnownModel?> find, Func<string, IReadOnlyList<KnownModel>>? sizes = null)
{
    /// <summary>Longer chains than this are cut; the longest honest ones have a handful of links.</summary>
    public const int MostGenerations = 12;

    /// <summary>More parents than this are not followed; merges of dozens exist.</summary>
    public const int MostParents = 40;

    /// <summary>So many models at most are read for one verdict.</summary>
    private const int MostModels = 200;

    private static readonly string[] MostFirst = [Level.Open, Level.Partial, Level.Described, Level.None];

    private const int MostRoots = 50_000;

    private static readonly EvidenceItem Anyone = new(Axis.Base, BaseRelations.Finetune, "", null, null, null, null, ReadBy.Lineage, Strength.Inferred);

    private int _kept; // the dictionary's own count takes all its locks
    private readonly ConcurrentDictionary<string, Findings> _roots = new(StringComparer.OrdinalIgnoreCase);

    public EvidenceSet Inherit(string id, EvidenceSet own) => HasBases(own) ? WithDuties(id, WithBases(new(id, own)).All) : own;

    /// <returns>The evidence with what bases give, and whether it is the same for every model of this evidence: not where the model is an ancestor of itself.</returns>
    public (EvidenceSet All, bool ForAnyId) WithBases(KnownModel model)
    {
        var walk = new Walk();
        var all = Inherit(model, walk);
        return (all, !walk.CameBack);
    }

    /// <summary>Adds the duties of bases that the model's name does not keep; the same set when there are none.</summary>
    public static EvidenceSet WithDuties(string id, EvidenceSet all)
    {
        List<EvidenceItem>? missed = null;
        foreach (var item in all.Items)
        {
            if (item.IsInherited() && NamingDuty.Missed(id, item) is { } duty) (missed ??= []).Add(duty);
        }
        return missed is null ? all : new([.. all.Items, .. missed]);
    }

    /// <summary>What models made from this one take over, in a word that changes when any of it does.</summary>
    public static string Gift(string id, EvidenceSet all) =>
        string.Join('\n', Given(Anyone, id, Findings.Of(all)).Select(item => $"{item.Axis} {item.State} {item.Locator} {item.Quote}"));

    public static bool HasBases(EvidenceSet found)
    {
        foreach (var item in found.Items)
        {
            if (item.Axis == Axis.Base) return true;
        }
        return false;
    }

    /// <summary>The model's own evidence may hold what somebody found out about a base before: it stands as long as the base itself is not known, and no longer.</summary>
    private EvidenceSet Inherit(KnownModel model, Walk walk)
    {
        List<EvidenceItem> own = [.. model.Evidence.Items], inherited = [];
        var parents = 0;
        walk.Path.Add(model.Id);
        foreach (var edge in model.Evidence.Items)
        {
            if (edge.Axis != Axis.Base || edge.Quote is not { } named || parents++ >= MostParents) continue;
            if (find(named) is { } parent)
            {
                own.RemoveAll(item => IsFrom(item, parent.Id) || IsFrom(item, named));
                inherited.AddRange(From(edge, parent, walk));
            }
            else if (own.Exists(item => IsFrom(item, named))) continue;
            else if (OfSizes(edge, named, walk) is { } alike) inherited.Add(alike);
            else if (edge.Strength != Strength.Inferred) inherited.Add(Unknown(edge, named, "this model is not known here"));
        }
        walk.Path.RemoveAt(walk.Path.Count - 1);
        return new([.. own, .. inherited]);
    }

    private List<EvidenceItem> From(EvidenceItem edge, KnownModel parent, Walk walk)
    {
        walk.CameBack |= string.Equals(walk.Path[0], parent.Id, StringComparison.OrdinalIgnoreCase);
        if (walk.Path.Contains(parent.Id, StringComparer.OrdinalIgnoreCase)) return [Unknown(edge, parent.Id, "the models name each other as bases")];
        if (walk.Path.Count >= MostGenerations || ++walk.Models > MostModels) return [Unknown(edge, parent.Id, "the chain of bases is too long to follow")];
        return Given(edge, parent.Id, Of(parent, walk));
    }

    /// <summary>What a base is found to be. One without bases of its own is the same in every walk.</summary>
    private Findings Of(KnownModel model, Walk walk)
    {
        if (HasBases(model.Evidence)) return Findings.Of(Inherit(model, walk));
        if (_roots.TryGetValue(model.Id, out var known)) return known;
        var found = Findings.Of(model.Evidence);
        if (_kept < MostRoots && _roots.TryAdd(model.Id, found)) Interlocked.Increment(ref _kept);
        return found;
    }

    /// <summary>Where prose names no size, what all sizes were trained on, if that is one answer. Their licences may differ, so none is taken.</summary>
    private EvidenceItem? OfSizes(EvidenceItem edge, string named, Walk walk)
    {
        if (sizes?.Invoke(named) is not [_, ..] members || (walk.Models += members.Count) > MostModels) return null;
        var known = members.Select(member => (member.Id, Of(member, walk).Data)).Where(member => !member.Data.IsUnknown).ToList();
        if (known is [] || (known.Exists(member => member.Data.Is(Level.None)) && !known.TrueForAll(member => member.Data.Is(Level.None)))) return null;
        var (id, data) = known.MaxBy(member => Array.IndexOf(MostFirst, member.Data.Level)); // all tell something, or none does: what the least known of them tells
        return Item(edge, Axis.Data, data.Level, id, $"{known.Count} sizes of {named} alike; {Because(data)}");
    }

    private static List<EvidenceItem> Given(EvidenceItem edge, string id, Findings parent)
    {
        List<EvidenceItem> given = [Item(edge, Axis.Data, parent.Data.Level, id, Because(parent.Data))];
        if (edge.State == BaseRelations.SameData) return given;
        if (parent.License.Finding.Effective is { } license) given.Add(Item(edge, Axis.License, license, id, Because(parent.License.Decided)));
        if (!parent.Inference.IsUnknown) given.Add(Item(edge, Axis.CodeInference, parent.Inference.Level, id, Because(parent.Inference)));
        return given;
    }

    private static bool IsFrom(EvidenceItem item, string id) => item.IsInherited() && string.Equals(item.Locator, id, StringComparison.OrdinalIgnoreCase);

    private static EvidenceItem Unknown(EvidenceItem edge, string id, string why) => Item(edge, Axis.Data, Level.Unknown, id, why);

    private static EvidenceItem Item(EvidenceItem edge, Axis axis, string state, string id, string? quote) =>
        new(axis, state, EvidenceItem.InheritedFrom(id), id, quote, null, edge.ObservedAt, ReadBy.Lineage, Strength.Inferred);

    private static string? Because(AxisReading reading) => Because(reading.Decided);

    private static string? Because(IReadOnlyList<EvidenceItem> decided) => decided is [var first, ..] ? first.Quote ?? first.Locator : null;

    private sealed class Walk
    {
        public List<string> Path { get; } = [];

        public bool CameBack { get; set; }

        public int Models { get; set; }
    }
}
