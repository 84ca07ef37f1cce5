using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelAtlas.Domain.Licenses;

/// <summary>Reads the licence data that is embedded in this assembly.</summary>
internal static class LicenseFiles
{
    public static IReadOnlyList<License> Read()
    {
        using var registry = Open("registry.json");
        var entries = JsonSerializer.Deserialize(registry, LicenseJson.Default.LicenseEntryArray) ?? [];
        return [.. entries.Select(ToLicense)];
    }

    public static Stream Open(string name) =>
        typeof(LicenseFiles).Assembly.GetManifestResourceStream("licenses/" + name)
        ?? throw new InvalidOperationException($"The licence data {name} is not embedded in this build.");

    private static License ToLicense(LicenseEntry entry) => new(
        entry.Id, entry.Hub, entry.Spdx, entry.Name, entry.Family, entry.Class,
        entry.Osi, entry.Fsf, entry.Mof, entry.Versions, entry.Aliases ?? [], entry.Pages ?? [])
    {
        Facts = [.. FactTag.All.Select(tag => new LicenseFact(tag, null, null, null))],
    };
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
internal sealed partial class LicenseJson : JsonSerializerContext;
