using ModelAtlas.Domain.Catalog;
using ModelAtlas.Ingest.Extraction;
using ModelAtlas.Ingest.HuggingFace;

namespace ModelAtlas.Ingest.Sync;

/// <summary>What one page of a source gave, to be written in one transaction with the cursor behind it.</summary>
/// <param name="Source">Name of the source, the same for all of its pages: what a row was last seen in, and what a quarantined element came from.</param>
/// <param name="ObservedAt">When the source made these observations, which for a file is not now.</param>
/// <param name="Cursor">Where the source continues, with the counts of the pages before: what becomes of this one is added to them. Null when nothing is to be resumed.</param>
public sealed record CatalogPage(
    string Source,
    DateTimeOffset ObservedAt,
    IReadOnlyList<HubModel> Models,
    IReadOnlyList<HubDataset> Datasets,
    IReadOnlyList<UnreadableElement> Unreadable,
    CrawlCursor? Cursor)
{
    public IReadOnlyList<HubCard> Cards { get; init; } = [];

    /// <summary>The models as the catalogue takes them; who has a thread to spare asks for them ahead of the writer.</summary>
    internal IReadOnlyList<IncomingModel> Incoming => field ??= IncomingModel.Of(this);
}

/// <summary>The README of a model. It may come without its model: then it is for one that the catalogue knows.</summary>
/// <param name="Sha">Commit it was read at, where known.</param>
/// <param name="License">The licence file beside it, where one was read.</param>
public sealed record HubCard(string Id, string Text, string? Sha = null, RepoText? License = null);

/// <summary>An element that no reader could make a row of.</summary>
/// <param name="Position">Line of the file, or page and element of the answer.</param>
/// <param name="Raw">Its bytes, cut to what the quarantine keeps.</param>
/// <param name="RawLength">Its length before the cut.</param>
public sealed record UnreadableElement(string Position, string Reason, byte[] Raw, long RawLength, ElementKind Kind = ElementKind.Model)
{
    /// <summary>So much of an element is kept.</summary>
    public const int RawLimit = 65_536;

    public static UnreadableElement Of(string position, string reason, ReadOnlySpan<byte> raw, ElementKind kind = ElementKind.Model) =>
        new(position, reason, raw[..Math.Min(raw.Length, RawLimit)].ToArray(), raw.Length, kind);
}

/// <param name="Stored">Rows that are new.</param>
/// <param name="Merged">Rows that were there and changed, or had gaps filled.</param>
/// <param name="Unchanged">Rows that said nothing new.</param>
/// <param name="Quarantined">Elements that were set aside with a reason.</param>
public sealed record PageResult(int Stored, int Merged, int Unchanged, int Quarantined)
{
    public static readonly PageResult None = new(0, 0, 0, 0);
    public static readonly PageResult OneStored = new(1, 0, 0, 0);
    public static readonly PageResult OneMerged = new(0, 1, 0, 0);
    public static readonly PageResult OneUnchanged = new(0, 0, 1, 0);

    public int Total => Stored + Merged + Unchanged + Quarantined;

    public static PageResult operator +(PageResult left, PageResult right) => new(
        left.Stored + right.Stored, left.Merged + right.Merged, left.Unchanged + right.Unchanged, left.Quarantined + right.Quarantined);
}
