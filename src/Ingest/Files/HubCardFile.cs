using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.Files;

/// <summary>Reads a line <c>{id, card}</c>: the README of a model, and with it the sight of the model itself.</summary>
internal static class HubCardFile
{
    public const int TextLimit = 1_048_576;

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out HubCard? card, [NotNullWhen(true)] out HubModel? seen, [NotNullWhen(false)] out string? reason)
    {
        (card, seen) = (null, null);
        var fields = new FieldReader(json, TimeProvider.System.GetUtcNow().UtcDateTime + HubLimits.Ahead);
        string? id = null, text = null, sha = null;
        DateTime? modified = null;
        var certain = true;
        try
        {
            fields.Read();
            if (fields.Token != JsonTokenType.StartObject)
            {
                reason = "not a JSON object";
                return false;
            }
            while (fields.NextField(out var name))
            {
                if (name.SequenceEqual("id"u8)) id = fields.Text("id", HubLimits.IdLength + 1);
                else if (name.SequenceEqual("card"u8)) text = fields.Text("card", TextLimit);
                else if (name.SequenceEqual("sha"u8)) sha = fields.Hex("sha", 40);
                else if (name.SequenceEqual("lastModified"u8)) modified = fields.Date("lastModified");
                else if (name.SequenceEqual("id_certain"u8)) certain = fields.Flag("id_certain") != false;
                else fields.Skip();
            }
        }
        catch (JsonException)
        {
            reason = fields.Refusal;
            return false;
        }
        reason = RepoId.Refuse(id) ?? (certain ? null : "the file says that its id is a guess");
        if (reason is not null) return false;
        if (id is null || text is null)
        {
            reason = "no card";
            return false;
        }
        card = new(id, text, sha);
        seen = new() { Id = id, Sha = sha, LastModified = modified };
        return true;
    }
}
