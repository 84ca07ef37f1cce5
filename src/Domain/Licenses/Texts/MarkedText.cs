namespace ModelAtlas.Domain.Licenses.Texts;

public enum TextPieceKind
{
    /// <summary>As in the known text, or of no account: a holder's name, a heading, a list number.</summary>
    Same,

    /// <summary>Words that the known text does not have.</summary>
    Added,

    /// <summary>Words that stand in place of others.</summary>
    Changed,
}

/// <summary>A stretch of a licence text as it was published.</summary>
/// <param name="Missing">Words of the known text that are not here: before the stretch, or in place of it.</param>
/// <param name="Clause">Where in the known text that is, if its clauses are numbered.</param>
public sealed record TextPiece(string Text, TextPieceKind Kind, int Missing = 0, string? Clause = null);

/// <summary>A licence text held against the known text that it is, word by word. The known text itself is not at hand, only its fingerprint: what is missing is counted and placed, not quoted.</summary>
public sealed record MarkedText(TextMatch Match, IReadOnlyList<TextPiece> Pieces)
{
    public int Changes => Pieces.Count(piece => piece.Kind is not TextPieceKind.Same || piece.Missing > 0);

    internal static MarkedText Plain(TextMatch match, string text) => new(match, [new(text, TextPieceKind.Same)]);

    internal static MarkedText Of(TextMatch match, TextComparison comparison)
    {
        var (text, words) = (comparison.Input.Text, comparison.Input.Words);
        List<TextPiece> pieces = [];
        var at = 0;
        foreach (var difference in comparison.Differences)
        {
            var start = difference.InputFrom < words.Count ? words[difference.InputFrom].Start : text.Length;
            var end = difference.Added > 0 ? words[difference.InputTo - 1].Start + words[difference.InputTo - 1].Length : start;
            if (start < at) continue;
            if (start > at) pieces.Add(new(text[at..start], TextPieceKind.Same));
            var clause = comparison.Known.ClauseAt(Math.Min(difference.KnownFrom, comparison.Known.Length - 1)).Number;
            pieces.Add(new(text[start..end], difference.Added == 0 ? TextPieceKind.Same : difference.Missing == 0 ? TextPieceKind.Added : TextPieceKind.Changed, difference.Missing, clause.Length == 0 ? null : clause));
            at = end;
        }
        if (at < text.Length) pieces.Add(new(text[at..], TextPieceKind.Same));
        return new(match, pieces);
    }
}
