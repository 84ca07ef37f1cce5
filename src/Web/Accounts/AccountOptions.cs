using System.ComponentModel.DataAnnotations;

namespace ModelAtlas.Web.Accounts;

internal sealed class AccountOptions
{
    public const string Section = "Atlas:Accounts";

    /// <summary>Passwords and set-up tokens that one address may offer in a minute.</summary>
    [Range(1, 10_000, ErrorMessage = "Atlas__Accounts__AttemptsPerMinute is a number from 1 to 10000.")]
    public int AttemptsPerMinute { get; set; } = 10;

    /// <summary>File with 32 random bytes in hex or base64 that encrypts the Data Protection keys in the database. The same file for every site. Empty: not encrypted.</summary>
    public string? KeyFile { get; init; }
}
