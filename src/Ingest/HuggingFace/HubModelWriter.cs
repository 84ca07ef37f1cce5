using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Writes what is known of a model as JSON in the hub's field names, always in the same order, so that equal content is equal bytes. <see cref="HubModelReader"/> reads it back.</summary>
/// <remarks>Downloads, likes and trending score are left out: they change daily and live in their own table.</remarks>
public static class HubModelWriter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(HubModel model)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes, Compact)) Write(json, model);
        return bytes.WrittenSpan.ToArray();
    }

    internal static void Write(Utf8JsonWriter json, HubModel model)
    {
        json.WriteStartObject();
        Text(json, "_id", model.HubId);
        json.WriteString("id", model.Id);
        Text(json, "author", model.Author);
        Text(json, "sha", model.Sha);
        Date(json, "createdAt", model.CreatedAt);
        Date(json, "lastModified", model.LastModified);
        Flag(json, "private", model.Private);
        Flag(json, "disabled", model.Disabled);
        Gate(json, model.Gated);
        Text(json, "pipeline_tag", model.PipelineTag);
        Text(json, "library_name", model.LibraryName);
        Texts(json, "tags", model.Tags);
        if (model.CardData is { } card) Card(json, card);
        if (model.Siblings is { } files) Files(json, files);
        if (model.Safetensors is { } safetensors) Safetensors(json, safetensors);
        if (model.Gguf is { } gguf) Gguf(json, gguf);
        if (model.Architectures is not null || model.ModelType is not null)
        {
            json.WriteStartObject("config");
            Texts(json, "architectures", model.Architectures);
            Text(json, "model_type", model.ModelType);
            json.WriteEndObject();
        }
        if (model.BaseModels is { } bases) Bases(json, bases);
        Number(json, "usedStorage", model.UsedStorage);
        foreach (var (name, value) in model.Other?.OrderBy(field => field.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, JsonElement>>())
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        HubAtlasWriter.Write(json, model);
        json.WriteEndObject();
    }

    private static void Card(Utf8JsonWriter json, HubCardData card)
    {
        json.WriteStartObject("cardData");
        Texts(json, "license", card.License);
        Text(json, "license_name", card.LicenseName);
        Text(json, "license_link", card.LicenseLink);
        Texts(json, "base_model", card.BaseModel);
        Text(json, "base_model_relation", card.BaseModelRelation);
        Texts(json, "datasets", card.Datasets);
        Texts(json, "language", card.Language);
        Text(json, "pipeline_tag", card.PipelineTag);
        Text(json, "library_name", card.LibraryName);
        Texts(json, "tags", card.Tags);
        Text(json, "extra_gated_prompt", card.ExtraGatedPrompt);
        json.WriteEndObject();
    }

    private static void Files(Utf8JsonWriter json, IReadOnlyList<HubFile> files)
    {
        json.WriteStartArray("siblings");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("rfilename", file.Path);
            Number(json, "size", file.Size);
            if (file.Sha256 is { } sha256)
            {
                json.WriteStartObject("lfs");
                json.WriteString("sha256", sha256);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Safetensors(Utf8JsonWriter json, HubSafetensors safetensors)
    {
        json.WriteStartObject("safetensors");
        if (safetensors.Parameters is { } types)
        {
            json.WriteStartObject("parameters");
            foreach (var (type, count) in types.OrderBy(type => type.Key, StringComparer.Ordinal)) json.WriteNumber(type, count);
            json.WriteEndObject();
        }
        Number(json, "total", safetensors.Total);
        json.WriteEndObject();
    }

    private static void Gguf(Utf8JsonWriter json, HubGguf gguf)
    {
        json.WriteStartObject("gguf");
        Number(json, "total", gguf.Total);
        Text(json, "architecture", gguf.Architecture);
        Number(json, "context_length", gguf.ContextLength);
        json.WriteEndObject();
    }

    private static void Bases(Utf8JsonWriter json, IReadOnlyList<HubBase> bases)
    {
        json.WriteStartArray("baseModels");
        foreach (var parent in bases)
        {
            json.WriteStartObject();
            Text(json, "relation", parent.Relation);
            json.WriteStartArray("models");
            json.WriteStartObject();
            json.WriteString("id", parent.Id);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Gate(Utf8JsonWriter json, Gating? gate)
    {
        switch (gate)
        {
            case Gating.None: json.WriteBoolean("gated", false); break;
            case Gating.Gated: json.WriteBoolean("gated", true); break;
            case Gating.Auto: json.WriteString("gated", "auto"); break;
            case Gating.Manual: json.WriteString("gated", "manual"); break;
        }
    }

    internal static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    internal static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    internal static void Date(Utf8JsonWriter json, string name, DateTime? value)
    {
        if (value is { } date) json.WriteString(name, date);
    }

    internal static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    private static void Flag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag) json.WriteBoolean(name, flag);
    }
}
