namespace ModelAtlas.Web.Accounts;

/// <summary>A person who may sign in. Made by the set-up page, an admin or <c>./atlas admin</c>; never by self-registration.</summary>
internal sealed class Account
{
    public int Id { get; init; }

    /// <summary>As <see cref="AccountName"/> allows; unique without regard to letter case.</summary>
    public required string Name { get; init; }

    public required string PasswordHash { get; init; }

    /// <summary>Issuer and id of a person whom a provider of OpenID Connect vouches for; null for an account that was made here.</summary>
    public string? ExternalId { get; init; }
    public AccountRole Role { get; init; }
    public DateTime CreatedAt { get; init; }

    /// <summary>Changes with password, role, disabling and "sign out everywhere": sessions that carry another stamp are over.</summary>
    public Guid Stamp { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int Failures { get; init; }
    public DateTime? LockedUntil { get; init; }
    public bool Disabled { get; init; }
}

internal enum AccountRole
{
    Admin = 1,
    Player = 2,
}

/// <summary>Role names as they stand in claims, policies, pages and commands.</summary>
internal static class AccountRoles
{
    public const string Admin = "admin";
    public const string Player = "player";

    public static string Name(this AccountRole role) => role is AccountRole.Admin ? Admin : Player;

    public static AccountRole? Find(string? name) => name switch
    {
        Admin => AccountRole.Admin,
        Player => AccountRole.Player,
        _ => null,
    };
}
