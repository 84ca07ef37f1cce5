using System.Text.RegularExpressions;

namespace ModelAtlas.Ingest.Code;

/// <summary>A repository on GitHub, wherever within it a link leads. Of other hosts nothing is read.</summary>
internal sealed partial record CodeAddress(string Owner, string Name)
{
    /// <summary>As <see cref="Domain.Catalog.CodeRepository.Url"/> has it.</summary>
    public string Url => $"https://github.com/{Owner}/{Name}".ToLowerInvariant();

    /// <summary>Paths of all files, see https://docs.github.com/rest/git/trees#get-a-tree.</summary>
    public string Tree => $"https://api.github.com/repos/{Owner}/{Name}/git/trees/HEAD?recursive=1";

    public static CodeAddress? Parse(string? link)
    {
        if (link is null || Repository().Match(link) is not { Success: true } match) return null;
        var name = match.Groups["name"].Value;
        if (name.EndsWith(".git", StringComparison.OrdinalIgnoreCase)) name = name[..^4];
        return name is "" or "." or ".." ? null : new(match.Groups["owner"].Value, name);
    }

    public string File(string path) => $"https://raw.githubusercontent.com/{Owner}/{Name}/HEAD/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    [GeneratedRegex(@"^https?://(www\.)?github\.com/(?<owner>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))/(?<name>[\w.-]{1,100}?)(?:[/?#:\s]|\.?$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Repository();
}
