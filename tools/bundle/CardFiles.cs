using System.IO.Compression;
using System.Text.Json.Nodes;
using ModelAtlas.Ingest.Extraction;

namespace ModelAtlas.Bundle;

/// <summary>Model cards. Of each the front matter becomes fields, as on the hub; the text is read for evidence and never shipped.</summary>
/// <remarks>Where a collection was not sure of an id, the choice is: an id is in it by hand.</remarks>
internal static class CardFiles
{
    private const string Card = "Hugging Face model card";

    private static readonly (string File, string Date)[] Collections = [("cards-2024-12", "2024-12-01"), ("cards-2024-05", "2024-05-01"), ("cards-2022-02", "2022-02-21")];

    // Folders of whole repositories, each with the day of its copy. Those of GitHub are no cards.
    private static readonly Dictionary<string, string> Copies = new(StringComparer.Ordinal)
    {
        ["2024-02"] = "2024-02-19",
        ["2024-09"] = "2024-09-01",
        ["2024-10"] = "2024-10-01",
        ["2024-12"] = "2024-12-01",
        ["2025-01"] = "2025-01-01",
        ["2025-04"] = "2025-04-01",
        ["2025-11"] = "2025-11-01",
        ["2025"] = "2025-01-01",
    };

    public static void Read(string hubFolder, Collected collected)
    {
        ReadCopies(Path.Combine(hubFolder, "repos"), collected);
        foreach (var (file, day) in Collections) ReadCollection(Path.Combine(hubFolder, "cards", file + ".jsonl.gz"), day, collected);
        ReadSingle(Path.Combine(hubFolder, "cards", "files"), collected);
    }

    private static void ReadCopies(string folder, Collected collected)
    {
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path).Split('@') is not [var name, var when] || !Copies.TryGetValue(when, out var day)) continue;
            var card = Path.Combine(path, "README.md");
            if (collected.Wanted(Id(name)) is { } id && File.Exists(card)) Add(collected, id, day, File.ReadAllText(card), null);
        }
    }

    private static void ReadCollection(string path, string day, Collected collected)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            if (JsonNode.Parse(line) is not JsonObject row) continue;
            if (collected.Wanted((string?)row["id"]) is { } id && (string?)row["card"] is { } card) Add(collected, id, day, card, (string?)row["sha"]);
        }
    }

    /// <summary>Most of these files are in a collection too; the others have no other card.</summary>
    private static void ReadSingle(string folder, Collected collected)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.md").Order(StringComparer.Ordinal))
        {
            if (collected.Wanted(Id(Path.GetFileNameWithoutExtension(path))) is not { } id || collected.Of(id).Any(known => known.Card is not null)) continue;
            // Falcon-180B's is a copy without a date; it says what the hub's page said in July 2024. The others are from October 2024 or later.
            Add(collected, id, id == "tiiuae/falcon-180B" ? "2024-07-12" : "2024-10-01", File.ReadAllText(path), null);
        }
    }

    private static void Add(Collected collected, string id, string day, string card, string? sha)
    {
        var front = FrontMatter.Split(card);
        var fields = new JsonObject();
        foreach (var key in (string[])["license", "license_name", "license_link", "base_model", "base_model_relation", "datasets", "language", "pipeline_tag", "library_name", "tags"])
        {
            if (front.All(key) is [_, ..] values) fields[key] = values is [var only] && key is not "tags" ? only : new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        }
        var row = new JsonObject { ["id"] = id };
        if (sha is not null) row["sha"] = sha;
        foreach (var key in (string[])["pipeline_tag", "library_name"])
            if (fields[key] is { } value) row[key] = value.DeepClone();
        if (fields.Count > 0) row["cardData"] = fields;
        collected.Add($"{Card}, {day}", CatalogueFiles.Day(day), row, card);
    }

    private static string Id(string name) => name.Replace("__", "/", StringComparison.Ordinal);
}
