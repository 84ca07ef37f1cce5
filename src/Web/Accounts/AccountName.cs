using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ModelAtlas.Web.Accounts;

/// <summary>ASCII only: two names that look alike would be two people who can be mistaken for each other.</summary>
internal static partial class AccountName
{
    public const int MaxLength = 32;

    public static bool IsValid([NotNullWhen(true)] string? name) => name is not null && Pattern().IsMatch(name);

    /// <summary>The name that is nearest to a wish of any form.</summary>
    public static string From(string? wish)
    {
        var plain = string.Concat((wish ?? "").Split('@')[0].Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')).TrimStart('.', '-', '_');
        return plain.Length >= 2 ? plain[..Math.Min(plain.Length, MaxLength)] : "person";
    }

    /// <summary>What is wrong with the name, in a sentence; null when nothing is.</summary>
    public static string? Complaint(string? name) => IsValid(name)
        ? null
        : "A name has 2 to 32 characters: letters a-z, digits, '.', '-' and '_', the first a letter or digit.";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{1,31}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Pattern();
}
