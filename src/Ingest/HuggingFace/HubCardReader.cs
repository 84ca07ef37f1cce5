using System.Text.Json;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Reads <c>cardData</c>: the front matter of the README, which its author wrote by hand.</summary>
internal static class HubCardReader
{
    public static void Take(ref FieldReader fields, HubCardDraft card)
    {
        if (fields.Token != JsonTokenType.StartObject)
        {
            fields.Wrong<object>("cardData", "an object");
            return;
        }
        card.Open();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (fields.NextField(out var name))
        {
            var key = Known(name);
            if (key is null)
            {
                fields.Skip();
                continue;
            }
            if (!seen.Add(key)) fields.Note($"{key}: given twice");
            if (fields.Token != JsonTokenType.Null) Take(ref fields, card, key);
        }
    }

    private static void Take(ref FieldReader fields, HubCardDraft card, string key)
    {
        switch (key)
        {
            case "cardData.license": card.AddLicenses(fields.Texts(key, HubLimits.Licenses, HubLimits.LicenseText)); break;
            case "cardData.license_name": card.LicenseName = HubCardDraft.Both(card.LicenseName, fields.Word(key, HubLimits.LicenseText)); break;
            case "cardData.license_link": card.LicenseLink = HubCardDraft.Both(card.LicenseLink, fields.Word(key, HubLimits.PathLength)); break;
            case "cardData.base_model": card.AddBases(fields.Texts(key, HubLimits.Bases, HubLimits.NameLength)); break;
            case "cardData.base_model_relation": card.BaseModelRelation ??= fields.Word(key); break;
            case "cardData.datasets": card.AddDatasets(fields.Texts(key, HubLimits.Datasets, HubLimits.NameLength)); break;
            case "cardData.language": card.Language ??= Languages(ref fields, key); break;
            case "cardData.pipeline_tag": card.PipelineTag ??= fields.Word(key); break;
            case "cardData.library_name": card.LibraryName ??= fields.Word(key); break;
            case "cardData.tags": card.Tags ??= fields.Texts(key, HubLimits.Tags, HubLimits.TagLength); break;
            default: card.ExtraGatedPrompt ??= fields.Word(key, HubLimits.GateText); break;
        }
    }

    /// <summary>YAML reads the language code <c>no</c> as false: Norwegian is put back.</summary>
    private static List<string>? Languages(ref FieldReader fields, string key)
    {
        if (fields.Token == JsonTokenType.False) return ["no"];
        if (fields.Token != JsonTokenType.StartArray) return fields.Texts(key, HubLimits.Languages, HubLimits.NameLength);
        var languages = new CappedList<string>(HubLimits.Languages, null);
        while (fields.NextElement())
            if ((fields.Token == JsonTokenType.False ? "no" : fields.Word(key)) is { } language) languages.Add(language, decides: false);
        return languages.Close(ref fields, key).Item1;
    }

    private static string? Known(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("tags"u8) => "cardData.tags",
        7 when name.SequenceEqual("license"u8) => "cardData.license",
        8 when name.SequenceEqual("datasets"u8) => "cardData.datasets",
        8 when name.SequenceEqual("language"u8) => "cardData.language",
        10 when name.SequenceEqual("base_model"u8) => "cardData.base_model",
        12 when name.SequenceEqual("license_name"u8) => "cardData.license_name",
        12 when name.SequenceEqual("license_link"u8) => "cardData.license_link",
        12 when name.SequenceEqual("pipeline_tag"u8) => "cardData.pipeline_tag",
        12 when name.SequenceEqual("library_name"u8) => "cardData.library_name",
        18 when name.SequenceEqual("extra_gated_prompt"u8) => "cardData.extra_gated_prompt",
        19 when name.SequenceEqual("base_model_relation"u8) => "cardData.base_model_relation",
        _ => null,
    };
}
