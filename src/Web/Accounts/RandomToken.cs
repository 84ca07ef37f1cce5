using System.Security.Cryptography;
using System.Text;

namespace ModelAtlas.Web.Accounts;

/// <summary>Secrets that the product makes itself: long enough that a plain SHA-256 of them is safe to store.</summary>
internal static class RandomToken
{
    private const string Letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    /// <summary>For cookies: 256 bits.</summary>
    public static string ForMachines() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>For a person to copy from a console: 8 groups of 4, 158 bits.</summary>
    public static string ForPeople() => string.Join('-', Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
