using System.IO.Hashing;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>One observation of a page on its way in, under the name the catalogue uses.</summary>
/// <param name="Hash">Of its stable content: equal to the row's means there is nothing new but counters.</param>
/// <param name="OldId">The id without owner that the source used.</param>
internal sealed record IncomingModel(HubModel Model, DateTime At, long Hash, string? OldId)
{
    public Observation Observation => new(Model, At);

    /// <summary>A page's models in the order in which they are to be believed: of two of one id or one repository the later changed comes last, as if it were seen a moment later.</summary>
    public static List<IncomingModel> Of(IReadOnlyList<HubModel> models, DateTime at)
    {
        var named = models.Select(Named).ToList();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var twice = named.Any(model => !ids.Add(model.Model.Id) || (model.Model.HubId is { } hubId && !ids.Add(hubId)));
        if (!twice) return named.ConvertAll(model => Incoming(model, at));
        var ordered = named.OrderBy(model => model.Model.LastModified ?? DateTime.MinValue).ToList();
        return [.. ordered.Select((model, n) => Incoming(model, at.AddMicroseconds(n + 1 - ordered.Count)))];
    }

    private static (HubModel Model, string? OldId) Named(HubModel model)
    {
        var id = LegacyIds.Resolve(model.Id);
        var known = id == model.Id ? model : model with { Id = id };
        return (known with { Author = model.Author ?? id[..id.IndexOf('/', StringComparison.Ordinal)] }, id == model.Id ? LegacyIds.Of(id) : model.Id);
    }

    private static IncomingModel Incoming((HubModel Model, string? OldId) named, DateTime at)
    {
        var content = new StoredModel(named.Model.Id) { HubId = named.Model.HubId }.Write(new(named.Model, at));
        return new(named.Model, at, unchecked((long)XxHash64.HashToUInt64(content)), named.OldId);
    }
}
