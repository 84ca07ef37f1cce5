using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Accounts.OpenId;

/// <summary>Settings <c>Atlas:OpenId</c>: a provider of OpenID Connect whose people may sign in beside local accounts. Unset = there is none.</summary>
internal sealed class OpenIdOptions
{
    public const string Section = "Atlas:OpenId";

    /// <summary>Address of the provider, whose <c>/.well-known/openid-configuration</c> says the rest.</summary>
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    /// <summary>File that holds the client's secret and nothing else.</summary>
    public string? ClientSecretFile { get; set; }

    /// <summary>What the button on the sign-in page calls it.</summary>
    public string Name { get; set; } = "single sign-on";

    /// <summary>More than <c>openid profile</c>, separated by spaces.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>Claim that a new account is named after.</summary>
    public string NameClaim { get; set; } = "preferred_username";

    public string RoleClaim { get; set; } = "roles";

    /// <summary>Value of the role claim that makes an admin; unset = nobody becomes one this way.</summary>
    public string? AdminRole { get; set; }

    /// <summary>Value of the role claim that lets people in; unset = whoever the provider knows.</summary>
    public string? PlayerRole { get; set; }

    public bool IsOn => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>Null for who may not come in.</summary>
    public AccountRole? RoleOf(IEnumerable<string> roles)
    {
        var given = roles.ToHashSet(StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(AdminRole) && given.Contains(AdminRole)) return AccountRole.Admin;
        return string.IsNullOrEmpty(PlayerRole) || given.Contains(PlayerRole) ? AccountRole.Player : null;
    }
}

internal sealed class OpenIdOptionsValidator : IValidateOptions<OpenIdOptions>
{
    private const int LongestSecret = 4_096;

    public ValidateOptionsResult Validate(string? name, OpenIdOptions options)
    {
        if (!options.IsOn)
            return string.IsNullOrWhiteSpace(options.ClientId) && string.IsNullOrWhiteSpace(options.ClientSecretFile) ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Atlas__OpenId__Authority is missing: give the address of the provider, or unset the other Atlas__OpenId settings.");
        List<string> wrong = [];
        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) || authority.UserInfo != "" || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
            wrong.Add($"Atlas__OpenId__Authority is '{options.Authority}': give an https address without user name (http is taken on this machine only).");
        if (string.IsNullOrWhiteSpace(options.ClientId)) wrong.Add("Atlas__OpenId__ClientId is missing: give the id under which the provider knows this site.");
        if (string.IsNullOrWhiteSpace(options.ClientSecretFile) || !File.Exists(options.ClientSecretFile))
            wrong.Add($"Atlas__OpenId__ClientSecretFile names '{options.ClientSecretFile}', which is not there: write the client's secret into that file.");
        else if (new FileInfo(options.ClientSecretFile).Length > LongestSecret || File.ReadAllText(options.ClientSecretFile).Trim().Length == 0)
            wrong.Add($"Atlas__OpenId__ClientSecretFile names '{options.ClientSecretFile}', which is empty or too large: it holds the client's secret and nothing else.");
        foreach (var (key, value) in new[] { ("Name", options.Name), ("NameClaim", options.NameClaim), ("RoleClaim", options.RoleClaim) })
            if (string.IsNullOrWhiteSpace(value)) wrong.Add($"Atlas__OpenId__{key} is empty: give a name, or unset it.");
        return wrong is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
