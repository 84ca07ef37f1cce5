using System.Reflection;
using System.Text.Json;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Sync;

namespace ModelAtlas.Ingest.ModelsDev;

/// <summary>What the list gave.</summary>
internal sealed record ServiceList(IReadOnlyList<HubModel> Models, IReadOnlyList<UnreadableElement> Unreadable);

/// <summary>
/// Reads models.dev's <c>api.json</c>: <c>{ maker: { doc, models: { name: { open_weights, … } } } }</c>. Of its models only those are taken whose weights it says are not open.
/// Resellers list what others make: a record is a maker's own unless its name says whose it is, and one that somebody else lists with open weights is in doubt and left out.
/// </summary>
internal static class ModelsDevReader
{
    private const int MostModels = 20_000;
    private static readonly Lazy<HashSet<string>> LeftOut = new(ReadLeftOut);

    /// <exception cref="InvalidDataException">It is no such list.</exception>
    public static ServiceList Read(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        List<Record> records = [.. Records(document.RootElement).Take(MostModels)];
        var open = records.Where(record => record.OpenWeights == true).Select(record => record.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<HubModel> models = [];
        List<UnreadableElement> unreadable = [];
        List<string> issues = [];
        foreach (var record in records.Where(record => record.OpenWeights == false && !open.Contains(record.Id) && !LeftOut.Value.Contains(record.Id)).DistinctBy(record => record.Id, StringComparer.OrdinalIgnoreCase))
        {
            // Once through the reader of every row, so that what comes from there keeps to the same limits.
            var row = HubModelWriter.Write(ServiceRow.Of(record.Id, record.Maker, record.Name, record.Page, record.Facts));
            if (!record.Id.Contains('/', StringComparison.Ordinal)) unreadable.Add(UnreadableElement.Of($"{record.Maker}.models", "id is not maker/name", row));
            else if (HubModelReader.TryRead(row, trusted: true, out var model, issues, out var reason)) models.Add(model);
            else unreadable.Add(UnreadableElement.Of($"{record.Maker}.models", reason, row));
        }
        return new(models, unreadable);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, new() { MaxDepth = 32 });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new InvalidDataException("The list of models.dev is not an object of makers.");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"The list of models.dev is not JSON: {broken.Message}", broken);
        }
    }

    private static IEnumerable<Record> Records(JsonElement makers)
    {
        foreach (var maker in makers.EnumerateObject())
        {
            if (maker.Value.ValueKind != JsonValueKind.Object || !maker.Value.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Object) continue;
            var page = ServiceRow.Text(maker.Value, "doc") is { } named && Uri.TryCreate(named, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 ? named : null;
            foreach (var model in models.EnumerateObject())
            {
                if (model.Value.ValueKind != JsonValueKind.Object) continue;
                bool? open = model.Value.TryGetProperty("open_weights", out var said) && said.ValueKind is JsonValueKind.True or JsonValueKind.False ? said.GetBoolean() : null;
                yield return new(model.Name.Contains('/', StringComparison.Ordinal) ? model.Name : $"{maker.Name}/{model.Name}", maker.Name, model.Name, page, open, model.Value);
            }
        }
    }

    private static HashSet<string> ReadLeftOut()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ModelAtlas.Ingest.ModelsDev.left-out.txt") ?? throw new InvalidOperationException("The list of records to leave out is not part of this build.");
        using var reader = new StreamReader(stream);
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } line)
            if (line.Split('#')[0].Trim() is { Length: > 0 } id) ids.Add(id);
        return ids;
    }

    private sealed record Record(string Id, string Maker, string Name, string? Page, bool? OpenWeights, JsonElement Facts);
}
