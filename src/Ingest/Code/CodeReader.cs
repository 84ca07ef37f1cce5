using System.Text.Json;
using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;
using ModelAtlas.Ingest.Links;

namespace ModelAtlas.Ingest.Code;

/// <summary>Asks a code host what a repository holds: the names of its files, and its licence. At most five requests.</summary>
internal sealed class CodeReader(GuardedFetch links, TimeProvider clock)
{
    private static readonly string[] UsualNames = ["LICENSE", "LICENSE.md", "LICENSE.txt"];

    public bool IsOn => links.IsOn;

    public async Task<CodeRepository> ReadAsync(CodeAddress address, CancellationToken cancellationToken)
    {
        var tree = await links.GetTextAsync(address.Tree, cancellationToken);
        var paths = Paths(tree.Text);
        var named = paths?.FirstOrDefault(path => !path.Contains('/', StringComparison.Ordinal) && FileEvidence.IsLicense(path) && !FileEvidence.IsPolicy(path));
        var (path, license) = await LicenseAsync(address, paths is null ? UsualNames : named is null ? [] : [named], cancellationToken);
        return new()
        {
            Url = address.Url,
            LicensePath = path,
            LicenseText = license?.Text is { } text ? CleanText.Of(text, text.Length) : null,
            Paths = [.. (paths ?? []).Where(CodeEvidence.IsSource).Take(CodeRepository.MostPaths)],
            Issue = tree.Issue is { } issue ? $"The list of files could not be had: {issue}." : license?.Issue is { } unread ? $"{path} could not be read: {unread}." : null,
            ReadAt = clock.GetUtcNow().UtcDateTime,
        };
    }

    private async Task<(string? Path, LinkReply? Reply)> LicenseAsync(CodeAddress address, string[] names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            var reply = await links.GetTextAsync(address.File(name), cancellationToken);
            if (!reply.IsAbsent) return (name, reply);
        }
        return default;
    }

    /// <summary>Null when the answer is no list of files.</summary>
    private static List<string>? Paths(string? json)
    {
        if (json is null) return null;
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("tree", out var tree) || tree.ValueKind != JsonValueKind.Array) return null;
            List<string> paths = [];
            foreach (var entry in tree.EnumerateArray())
            {
                if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String && path.GetString() is { Length: > 0 and < 500 } name)
                    paths.Add(CleanText.Of(name, 500));
            }
            return paths;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // half a surrogate pair is no text
        {
            return null;
        }
    }
}
