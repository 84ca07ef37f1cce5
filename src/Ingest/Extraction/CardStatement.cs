namespace ModelAtlas.Ingest.Extraction;

/// <summary>What a section of a card is about. The same name means another thing in each.</summary>
internal enum CardTopic
{
    Other,
    Training,
    Usage,
    Evaluation,
    License,
    Limits,
    Citation,
}

internal sealed record CardLink(string Text, string Url);

/// <summary>One sentence, list item or table row of a card, as a reader sees it: without markup, code and comments.</summary>
/// <param name="Section">Headings it stands under, outermost first.</param>
internal sealed record CardStatement(string Text, IReadOnlyList<CardLink> Links, CardTopic Topic, string Section);

/// <summary>The prose of a card.</summary>
/// <param name="Length">Characters of prose, by which a stub is told from a card that describes its model.</param>
/// <param name="Complete">False when the card was longer than what is read.</param>
internal sealed record CardProse(IReadOnlyList<CardStatement> Statements, int Length, bool Complete);
