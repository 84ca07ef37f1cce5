using Microsoft.Extensions.Options;
using ModelAtlas.Domain.Licenses;

namespace ModelAtlas.Web.Catalog.Local;

/// <summary>Settings <c>Atlas:Policy</c>: which licences the owner of this site takes. Lists are separated by commas; unset ones are those of <see cref="LicensePolicy.Company"/>.</summary>
internal sealed class PolicyOptions
{
    public const string Section = "Atlas:Policy";

    public string? Name { get; set; }

    /// <summary>Terms, missing rights (with <c>!</c>) and licences that are not taken.</summary>
    public string? Deny { get; set; }

    /// <summary>Those that a person has to look at.</summary>
    public string? Review { get; set; }

    public LicensePolicy Read() => new(Name is { Length: > 0 } name ? name : LicensePolicy.Company.Name, Rules(Deny) ?? LicensePolicy.Company.Deny, Rules(Review) ?? LicensePolicy.Company.Review);

    internal static string[]? Rules(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

internal sealed class PolicyOptionsValidator : IValidateOptions<PolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        List<string> wrong = [];
        foreach (var (key, list) in new[] { ("Deny", options.Deny), ("Review", options.Review) })
            wrong.AddRange((PolicyOptions.Rules(list) ?? []).Where(rule => !LicensePolicy.IsRule(rule)).Select(rule =>
                $"Atlas__Policy__{key} has '{rule}': give terms such as non-commercial, rights that must not be missing such as !commercial-use, or ids of licences, separated by commas."));
        return wrong is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
