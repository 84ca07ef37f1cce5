using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>Leaves out of merged facts what newer ones have overtaken: the hub makes licence tags from the card, so the older of the two is not a second opinion but an old one.</summary>
internal static class CurrentView
{
    private const string Tag = "license:";

    public static HubModel Of(Observation now)
    {
        var model = now.Model;
        if (model is not { Tags: { } tags, CardData: { License: { } declared } card }) return model;
        DateTime tagged = now.SeenAt("tags"), written = now.SeenAt("cardData.license");
        if (tagged == written) return model;
        var named = tags.Where(IsLicense).Select(tag => tag[Tag.Length..]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (named.Count == 0 || named.SetEquals(declared)) return model;
        return tagged > written
            ? model with { CardData = card with { License = null, LicenseName = null, LicenseLink = null } }
            : model with { Tags = [.. tags.Where(tag => !IsLicense(tag))] };
    }

    private static bool IsLicense(string tag) => tag.StartsWith(Tag, StringComparison.Ordinal);
}
