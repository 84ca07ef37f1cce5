using System.Buffers;
using System.Text.Json;
using ModelAtlas.Domain.Catalog;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>Writes a dataset row in the hub's field names; <see cref="HubDatasetReader"/> reads it back.</summary>
internal static class HubDatasetWriter
{
    public static byte[] Write(HubDataset dataset)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            HubModelWriter.Text(json, "_id", dataset.HubId);
            json.WriteString("id", dataset.Id);
            HubModelWriter.Text(json, "sha", dataset.Sha);
            HubModelWriter.Date(json, "createdAt", dataset.CreatedAt);
            HubModelWriter.Date(json, "lastModified", dataset.LastModified);
            if (dataset.Private is { } secret) json.WriteBoolean("private", secret);
            if (dataset.Disabled is { } disabled) json.WriteBoolean("disabled", disabled);
            if (dataset.Gated is { } gate) json.WriteString("gated", gate == Gating.None ? "false" : gate == Gating.Gated ? "true" : gate.ToString());
            HubModelWriter.Number(json, "downloads", dataset.Downloads);
            HubModelWriter.Number(json, "likes", dataset.Likes);
            HubModelWriter.Texts(json, "tags", dataset.Tags);
            if (dataset.License is not null)
            {
                json.WriteStartObject("cardData");
                HubModelWriter.Texts(json, "license", dataset.License);
                json.WriteEndObject();
            }
            if (dataset.Removed == true || dataset.Withdrawn == true)
            {
                json.WriteStartObject("_atlas");
                if (dataset.Removed == true) json.WriteBoolean("removed", true);
                if (dataset.Withdrawn == true) json.WriteBoolean("withdrawn", true);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }
}
