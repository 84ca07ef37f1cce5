using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelAtlas.Domain.Licenses;

/// <summary>Reads the licence data that is embedded in this assembly.</summary>
internal static class LicenseFiles
{
    private static readonly string[] FactFiles = ["software", "content", "responsible", "meta", "community", "not-read"];

    public static IReadOnlyList<License> Read()
    {
        using var registry = Open("registry.json");
        var entries = JsonSerializer.Deserialize(registry, LicenseJson.Default.LicenseEntryArray) ?? [];
        var facts = FactFiles.SelectMany(ReadFacts).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        return [.. entries.Select(entry => ToLicense(entry, facts.GetValueOrDefault(entry.Id)))];
    }

    public static Stream Open(string name) =>
        typeof(LicenseFiles).Assembly.GetManifestResourceStream("licenses/" + name)
        ?? throw new InvalidOperationException($"The licence data {name} is not embedded in this build.");

    private static FactsEntry[] ReadFacts(string name)
    {
        using var file = Open($"facts/{name}.json");
        return JsonSerializer.Deserialize(file, LicenseJson.Default.FactsEntryArray) ?? [];
    }

    private static License ToLicense(LicenseEntry entry, FactsEntry? facts) => new(
        entry.Id, entry.Hub, entry.Spdx, entry.Name, entry.Family, entry.Class,
        entry.Osi, entry.Fsf, entry.Mof, entry.Versions, entry.Aliases ?? [], entry.Pages ?? [])
    {
        Facts = [.. FactTag.All.Select(tag => ToFact(tag, facts?.Facts.GetValueOrDefault(tag.Id)))],
        FactsSource = facts?.Source,
    };

    /// <summary>A cell is written <c>["yes", "clause", "note"]</c>; what is not known is left out from the end.</summary>
    private static LicenseFact ToFact(FactTag tag, string?[]? cell) => new(tag, ToAnswer(cell?.ElementAtOrDefault(0)), cell?.ElementAtOrDefault(1), cell?.ElementAtOrDefault(2));

    private static Answer? ToAnswer(string? word) => word switch
    {
        null => null,
        "yes" => Answer.Yes,
        "no" => Answer.No,
        "conditional" => Answer.Conditional,
        _ => throw new InvalidDataException($"\"{word}\" is no answer: yes, no or conditional."),
    };
}

internal sealed record FactsEntry
{
    public required string Id { get; init; }
    public required string Source { get; init; }
    public required Dictionary<string, string?[]> Facts { get; init; }
}

internal sealed record LicenseEntry
{
    public required string Id { get; init; }
    public string? Hub { get; init; }
    public string? Spdx { get; init; }
    public required string Name { get; init; }
    public required string Family { get; init; }
    public required string Class { get; init; }
    public bool? Osi { get; init; }
    public bool? Fsf { get; init; }
    public bool? Mof { get; init; }
    public string? Versions { get; init; }
    public string[]? Aliases { get; init; }
    public string[]? Pages { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LicenseEntry[]))]
[JsonSerializable(typeof(FactsEntry[]))]
internal sealed partial class LicenseJson : JsonSerializerContext;
