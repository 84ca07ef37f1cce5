using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ModelAtlas.Testing.Hub;

/// <summary>A file of a repository: kept beside git (large) or in it.</summary>
public sealed record FakeFile(string Path, byte[] Content, bool Large)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>Git's name of the content.</summary>
#pragma warning disable CA5350 // it is what git uses
    public string BlobId { get; } = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {Content.Length}\0"), .. Content]));
#pragma warning restore CA5350

    public string ETag => Large ? Sha256 : BlobId;

    public JsonObject Listed()
    {
        var entry = new JsonObject { ["rfilename"] = Path, ["size"] = Content.Length, ["blobId"] = Large ? new string('b', 40) : BlobId };
        if (Large) entry["lfs"] = new JsonObject { ["sha256"] = Sha256, ["size"] = Content.Length, ["pointerSize"] = 134 };
        return entry;
    }

    /// <summary>The whole, or the part behind a byte that <c>Range</c> and <c>If-Range</c> ask for.</summary>
    internal FakeAnswer Answer(HttpRequest request, string etag)
    {
        var whole = new FakeAnswer(200, Content, "application/octet-stream") { Headers = { ["ETag"] = $"\"{etag}\"" } };
        var (range, condition) = (request.Headers.Range.ToString(), request.Headers.IfRange.ToString());
        if (!range.StartsWith("bytes=", StringComparison.Ordinal) || (condition.Length > 0 && condition != $"\"{etag}\"")) return whole;
        var from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        if (from >= Content.Length) return new(416, []) { Headers = { ["Content-Range"] = $"bytes */{Content.Length}" } };
        whole.Headers["Content-Range"] = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        return whole with { Status = 206, Body = Content[from..] };
    }
}
