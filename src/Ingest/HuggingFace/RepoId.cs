using System.Globalization;

namespace ModelAtlas.Ingest.HuggingFace;

/// <summary>What counts as the name of a repository: one or two segments of anything printable. The hub's own rule is narrower, but names it does not allow today exist, and one that looks odd is shown, not dropped.</summary>
public static class RepoId
{
    /// <summary>Null when <paramref name="id"/> is usable, else why not.</summary>
    public static string? Refuse(string? id)
    {
        if (string.IsNullOrWhiteSpace(id)) return "no id";
        if (id.Length > HubLimits.IdLength) return $"id of more than {HubLimits.IdLength} characters";
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        var segments = slash < 0 ? IsSegment(id) : IsSegment(id.AsSpan(0, slash)) && IsSegment(id.AsSpan(slash + 1));
        return segments ? null : "id is not owner/name";
    }

    private static bool IsSegment(ReadOnlySpan<char> segment)
    {
        if (segment is "" or "." or "..") return false;
        foreach (var letter in segment)
        {
            if (char.IsAsciiLetterOrDigit(letter)) continue;
            if (letter is '/' or '\\' or '\uFFFD' || char.IsWhiteSpace(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Control) return false;
        }
        return true;
    }
}
