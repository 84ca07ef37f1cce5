namespace ModelAtlas.Domain.Licenses.Texts;

public enum TextMatchKind
{
    /// <summary>No known licence, or not one alone.</summary>
    Unknown,

    /// <summary>A known text with something missing, added or changed.</summary>
    Altered,

    /// <summary>A known text: only holder, year, heading, layout or an optional appendix may differ.</summary>
    Exact,
}

/// <summary>Which known licence a text is.</summary>
/// <param name="License">Id on the licence desk; null when unknown.</param>
/// <param name="Similarity">Share of the words of both texts that correspond, from 0 to 1; for an unknown text to the nearest known one.</param>
/// <param name="Changed">What is missing, added or changed, or why the text is unknown, a sentence each.</param>
public sealed record TextMatch(string? License, TextMatchKind Match, double Similarity, IReadOnlyList<string> Changed)
{
    internal static TextMatch Unknown(string reason, double similarity = 0) => new(null, TextMatchKind.Unknown, similarity, [reason]);
}
