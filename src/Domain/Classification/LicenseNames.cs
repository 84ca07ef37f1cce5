using System.Collections.Frozen;

namespace ModelAtlas.Domain.Classification;

/// <summary>What the rules need to know of a licence that somebody named.</summary>
/// <param name="Id">Id of the licence desk; null when the desk does not know the name.</param>
public sealed record NamedLicense(string? Id, string Class, string? Family, string Name);

/// <summary>From a declared licence to its class: whole names only, never by prefix and never by likeness.</summary>
public static class LicenseNames
{
    private static readonly FrozenDictionary<string, NamedLicense> ByName = Load();

    public static NamedLicense Resolve(string declared) =>
        ByName.TryGetValue(declared, out var exact) || ByName.TryGetValue(declared.Trim().ToLowerInvariant(), out exact)
            ? exact
            : new(null, LicenseClass.Unknown, null, declared);

    private static FrozenDictionary<string, NamedLicense> Load()
    {
        using var reader = new StreamReader(
            typeof(LicenseNames).Assembly.GetManifestResourceStream("ModelAtlas.Domain.Classification.InterimLicenses.txt")
            ?? throw new InvalidOperationException("The licence list is not part of this build."));
        var found = new Dictionary<string, NamedLicense>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('|') is not [var id, var licenseClass, var family, var name, var aliases]) continue;
            var license = new NamedLicense(id, licenseClass, family, name);
            found[id] = license;
            foreach (var alias in aliases.Split(';', StringSplitOptions.RemoveEmptyEntries)) found.TryAdd(alias, license);
        }
        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
