using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Extraction;

/// <summary>The bases that a row names, each once, whichever of the hub's three ways it uses.</summary>
internal static class BaseNames
{
    public const string Tag = "base_model:";

    public static IReadOnlyList<(string Id, string? Relation)> Of(HubModel model)
    {
        List<(string Id, string? Relation)> bases = [];
        foreach (var named in model.BaseModels ?? []) Add(bases, named.Id, named.Relation);
        foreach (var tag in model.Tags ?? [])
        {
            if (!tag.StartsWith(Tag, StringComparison.Ordinal)) continue;
            var rest = tag.AsSpan(Tag.Length);
            var colon = rest.LastIndexOf(':');
            Add(bases, rest[(colon + 1)..].ToString(), colon > 0 ? rest[..colon].ToString() : null);
        }
        foreach (var id in model.CardData?.BaseModel ?? []) Add(bases, id, model.CardData?.BaseModelRelation);
        bases.RemoveAll(named => named.Id.Length == 0 || string.Equals(named.Id, model.Id, StringComparison.OrdinalIgnoreCase));
        return bases;
    }

    private static void Add(List<(string Id, string? Relation)> bases, string id, string? relation)
    {
        var at = bases.FindIndex(known => string.Equals(known.Id, id, StringComparison.OrdinalIgnoreCase));
        if (at < 0) bases.Add((id, relation));
        else if (bases[at].Relation is null) bases[at] = (bases[at].Id, relation);
    }
}
