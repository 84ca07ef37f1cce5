using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ModelAtlas.Ingest.Downloads;

/// <summary>What a file's content should hash to: sha256 where the hub keeps it apart from git, else git's own name of it.</summary>
internal sealed record FileHash(string Hex)
{
    private bool IsSha256 => Hex.Length == 64;

    /// <summary>Null for what is no hash.</summary>
    public static FileHash? Of(string? hex) => hex is { Length: 40 or 64 } && hex.All(char.IsAsciiHexDigit) ? new(hex.ToLowerInvariant()) : null;

    /// <summary>Reads the file once: its sha256, and whether it is what was promised.</summary>
    public async Task<(string Sha256, bool Fits)> CheckAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 20, FileOptions.SequentialScan | FileOptions.Asynchronous);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Git names content by SHA-1: this is how it is recognised, not a proof against its owner, who could as well change the name.
        using var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        git.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
        var buffer = new byte[1 << 20];
        for (int read; (read = await file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            sha256.AppendData(buffer, 0, read);
            if (!IsSha256) git.AppendData(buffer, 0, read);
        }
        var found = Convert.ToHexStringLower(sha256.GetHashAndReset());
        return (found, Hex == (IsSha256 ? found : Convert.ToHexStringLower(git.GetHashAndReset())));
    }
}
