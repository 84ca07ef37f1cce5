using System.Diagnostics.CodeAnalysis;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Web.Licenses;

/// <summary>Which licences a list shows. The page and the API take the same keys.</summary>
internal sealed record LicenseFilter(string? Class, string? Family)
{
    public static readonly LicenseFilter All = new(null, null);

    public bool IsAll => this == All;

    /// <param name="wrong">What cannot be read and what is allowed, when the answer is null.</param>
    public static LicenseFilter? Read(IQueryCollection query, [NotNull] out string? wrong)
    {
        var (kind, family) = (Value(query, "class"), Value(query, "family"));
        wrong = kind is not null && !LicenseClass.All.Contains(kind, StringComparer.Ordinal) ? $"class is {string.Join(", ", LicenseClass.All)}."
            : family is not null && !LicenseWords.Families.Contains(family, StringComparer.Ordinal) ? $"family is {string.Join(", ", LicenseWords.Families)}."
            : "";
        return wrong.Length == 0 ? new(kind, family) : null;
    }

    public bool Passes(LicenseRow row) => (Class is null || row.Class == Class) && (Family is null || row.License?.Family == Family);

    public LicenseFilter Toggle(string licenseClass) => this with { Class = Class == licenseClass ? null : licenseClass };

    public LicenseFilter ToggleFamily(string family) => this with { Family = Family == family ? null : family };

    public string Write() => (Class, Family) switch
    {
        (null, null) => LicenseUrl.List,
        ({ } kind, null) => $"{LicenseUrl.List}?class={kind}",
        (null, { } family) => $"{LicenseUrl.List}?family={family}",
        var (kind, family) => $"{LicenseUrl.List}?class={kind}&family={family}",
    };

    private static string? Value(IQueryCollection query, string key) => query[key].ToString() is { Length: > 0 } value ? value : null;
}
