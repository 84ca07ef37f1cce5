using System.Text.Json;

namespace ModelAtlas.Ingest.Judging;

/// <summary>Cards by model id, from files of <c>{"id","card"}</c> lines.</summary>
internal sealed class CardShelf
{
    private readonly Dictionary<string, string> _cards = new(StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => _cards.Count == 0;

    public string? Find(string id) => _cards.GetValueOrDefault(id);

    public void Add(string path, UnreadLines unread)
    {
        foreach (var line in ObjectFile.Read(path))
        {
            if (line.TooLong || Card(line.Bytes) is not { } card) unread.Add(line, "is no {\"id\", \"card\"} object");
            else if (card.Certain) _cards[card.Id] = card.Text;
        }
    }

    /// <summary>A card whose id its collector was not sure of (<c>id_certain</c> false) is nobody's.</summary>
    private static (string Id, string Text, bool Certain)? Card(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                && root.TryGetProperty("card", out var card) && card.ValueKind == JsonValueKind.String
                    ? (id.GetString() ?? "", card.GetString() ?? "", !(root.TryGetProperty("id_certain", out var certain) && certain.ValueKind == JsonValueKind.False))
                    : null;
        }
        catch (Exception notText) when (notText is JsonException or InvalidOperationException) // a lone surrogate is no text
        {
            return null;
        }
    }
}
