using System.Security.Cryptography;

namespace ModelAtlas.Web.Accounts;

/// <summary>Length over ingredients; only what is plainly guessable is refused.</summary>
internal static class PasswordRule
{
    public const int MinLength = 12;
    public const int MaxLength = 200;
    private const int MinDistinct = 5;

    /// <summary>What is wrong with the password, in a sentence that does not repeat it; null when nothing is.</summary>
    public static string? Complaint(string? password, string accountName) => password switch
    {
        null or { Length: < MinLength } => $"A password has at least {MinLength} characters.",
        { Length: > MaxLength } => $"A password has at most {MaxLength} characters.",
        _ when password.Any(char.IsControl) || !IsText(password) => "A password has no control characters.",
        _ when accountName.Length >= 4 && password.Contains(accountName, StringComparison.OrdinalIgnoreCase) => "A password does not contain the account's name.",
        _ when password.Distinct().Count() < MinDistinct => $"A password has at least {MinDistinct} different characters.",
        _ => null,
    };

    /// <summary>For accounts made without a person at the keyboard: 120 bits, easy to copy.</summary>
    public static string Generate() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24);

    // A lone surrogate cannot be encoded, so it would hash like every other lone surrogate.
    private static bool IsText(string password)
    {
        for (var i = 0; i < password.Length; i++)
        {
            if (!char.IsSurrogate(password[i])) continue;
            if (i + 1 == password.Length || !char.IsSurrogatePair(password[i], password[i + 1])) return false;
            i++;
        }
        return true;
    }
}
