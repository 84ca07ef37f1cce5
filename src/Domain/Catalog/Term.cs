namespace ModelAtlas.Domain.Catalog;

public enum TermKind
{
    Author = 1,
    Task = 2,
    Library = 3,
    Language = 4,
    Tag = 5,
}

/// <summary>A name that many models share, stored once: an author, a task (<c>pipeline_tag</c>), a library, a language or a tag.</summary>
public sealed class Term
{
    public int Id { get; init; }
    public required TermKind Kind { get; init; }
    public required string Name { get; init; }
}
