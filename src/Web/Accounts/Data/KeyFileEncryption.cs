using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace ModelAtlas.Web.Accounts.Data;

/// <summary>Encrypts the keys in the database with a key that is not in the database, when <c>Atlas__Accounts__KeyFile</c> names one.</summary>
internal static class KeyFileEncryption
{
    public static IDataProtectionBuilder EncryptWithKeyFile(this IDataProtectionBuilder builder)
    {
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IOptions<AccountOptions>>((keys, options) =>
        {
            if (options.Value.KeyFile is { Length: > 0 } file) keys.XmlEncryptor = new KeyFileEncryptor(Read(file));
        });
        return builder;
    }

    public static byte[] Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Atlas__Accounts__KeyFile: {unreadable.Message} Make the file with: openssl rand -hex 32");
        }
        if (text.Length == 64 && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        var key = new byte[32];
        if (Convert.TryFromBase64String(text, key, out var length) && length == key.Length) return key;
        throw new InvalidOperationException($"Atlas__Accounts__KeyFile: {file} does not hold 32 bytes in hex or base64. Make it with: openssl rand -hex 32");
    }
}

internal sealed class KeyFileEncryptor(byte[] key) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[Sealed.NonceSize + plain.Length + Sealed.TagSize];
        var parts = new Sealed(sealedBytes);
        RandomNumberGenerator.Fill(parts.Nonce);
        using var aes = new AesGcm(key, Sealed.TagSize);
        aes.Encrypt(parts.Nonce, plain, parts.Text, parts.Tag);
        return new(new XElement("keyFileEncrypted", Convert.ToBase64String(sealedBytes)), typeof(KeyFileDecryptor));
    }
}

/// <summary>Created by Data Protection itself, from the type name it stored with each key.</summary>
internal sealed class KeyFileDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var file = services.GetRequiredService<IOptions<AccountOptions>>().Value.KeyFile
            ?? throw new InvalidOperationException("The Data Protection keys are encrypted: set Atlas__Accounts__KeyFile to the file they were encrypted with.");
        var parts = new Sealed(Convert.FromBase64String(encryptedElement.Value));
        var plain = new byte[parts.Text.Length];
        using var aes = new AesGcm(KeyFileEncryption.Read(file), Sealed.TagSize);
        aes.Decrypt(parts.Nonce, parts.Text, parts.Tag, plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}

/// <summary>Nonce, cipher text and tag in one array.</summary>
internal readonly ref struct Sealed(Span<byte> bytes)
{
    public const int NonceSize = 12;
    public const int TagSize = 16;

    public Span<byte> Nonce { get; } = bytes[..NonceSize];
    public Span<byte> Text { get; } = bytes[NonceSize..^TagSize];
    public Span<byte> Tag { get; } = bytes[^TagSize..];
}
