using System.Text.Json;
using System.Text.Json.Serialization;
using ModelAtlas.Domain.Licenses.Texts;

namespace ModelAtlas.Tools.Fingerprints;

/// <summary>The hand-made notes on texts, by licence id: <c>{"mit": {"optional": [["first words", "last words"]], …}}</c>.</summary>
internal static class NotesFile
{
    public static IReadOnlyDictionary<string, TextNotes> Read(string path)
    {
        using var file = File.OpenRead(path);
        var entries = JsonSerializer.Deserialize(file, NotesJson.Default.DictionaryStringEntry) ?? [];
        return entries.ToDictionary(entry => entry.Key, entry => new TextNotes
        {
            Title = entry.Value.Title,
            Skip = entry.Value.Skip,
            Headings = Passages(entry.Value.Headings),
            Optional = Passages(entry.Value.Optional),
            Notices = Passages(entry.Value.Notices),
            Names = Passages(entry.Value.Names),
        });
    }

    private static IReadOnlyList<Passage> Passages(string?[][]? passages) => [.. (passages ?? []).Select(ends => new Passage(ends[0] ?? "", ends.Length > 1 ? ends[1] : null))];

    internal sealed record Entry
    {
        public int? Title { get; init; }
        public string? Skip { get; init; }
        public string?[][]? Headings { get; init; }
        public string?[][]? Optional { get; init; }
        public string?[][]? Notices { get; init; }
        public string?[][]? Names { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(Dictionary<string, NotesFile.Entry>), TypeInfoPropertyName = "DictionaryStringEntry")]
internal sealed partial class NotesJson : JsonSerializerContext;
