using System.IO.Hashing;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>One observation of a page on its way in, under the name the catalogue uses.</summary>
/// <param name="Facts">Its stable content, as it goes to the table where nothing else is known of the model.</param>
/// <param name="OldId">An id without owner that the model had.</param>
/// <param name="Card">The README that came with it.</param>
internal sealed record IncomingModel(HubModel Model, DateTime At, byte[] Facts, string? OldId, HubCard? Card)
{
    /// <summary>Of its stable content: equal to the row's means there is nothing new but counters.</summary>
    public long Hash { get; } = unchecked((long)XxHash64.HashToUInt64(Facts));

    /// <summary>What was found out about it before its turn to be written; null where nobody had the time.</summary>
    public EarlyJudgement? Early { get; set; }

    /// <summary>True when a row of the same name, identity and content has nothing to learn from it but counters.</summary>
    public bool IsPlain => Card is null && OldId is null && !Repeats;

    /// <summary>True for a card that comes without its model: of the model itself nothing was seen.</summary>
    public bool IsCardOnly { get; init; }

    /// <summary>True in a page that speaks of one repository twice: there one row is merged into the other.</summary>
    public bool Repeats { get; init; }

    public Observation Observation => new(Model, At);

    /// <summary>A page's models in the order in which they are to be believed: of two of one id or one repository the later changed comes last, as if it were seen a moment later.</summary>
    public static List<IncomingModel> Of(CatalogPage page)
    {
        var at = Instant.Round(page.ObservedAt.UtcDateTime);
        var cards = page.Cards.ToLookup(card => card.Id);
        var (named, ids, twice) = (new List<(HubModel Model, string? OldId, HubCard? Card)>(page.Models.Count), new HashSet<string>(StringComparer.Ordinal), false);
        foreach (var model in page.Models)
        {
            var id = LegacyIds.Resolve(model.Id);
            var owned = model with { Id = id, Author = model.Author ?? id[..id.IndexOf('/', StringComparison.Ordinal)] };
            named.Add((owned, id == model.Id ? LegacyIds.Of(id) : model.Id, cards.Count == 0 ? null : cards[model.Id].LastOrDefault()));
            twice |= !ids.Add(id) | (model.HubId is { } hubId && !ids.Add(hubId));
        }
        List<IncomingModel> alone = [.. page.Cards.Where(card => !ids.Contains(LegacyIds.Resolve(card.Id))).Select(card => Of(new HubModel { Id = LegacyIds.Resolve(card.Id) }, at, null, card) with { IsCardOnly = true })];
        if (!twice) return [.. named.Select(one => Of(one.Model, at, one.OldId, one.Card)), .. alone];
        var ordered = named.OrderBy(one => one.Model.LastModified ?? DateTime.MinValue).ToList();
        return [.. ordered.Select((one, n) => Of(one.Model, at.AddMicroseconds(n + 1 - ordered.Count), one.OldId, one.Card) with { Repeats = true }), .. alone];
    }

    private static IncomingModel Of(HubModel model, DateTime at, string? oldId, HubCard? card)
    {
        // A row of our own facts file says itself when it was true.
        if (model.Atlas?.Observed is { } observed) at = observed;
        return new(model, at, new StoredModel(model.Id) { HubId = model.HubId }.Write(new(model, at)), oldId, card);
    }
}
