using Microsoft.EntityFrameworkCore;
using ModelAtlas.Domain.Licenses.Texts;
using ModelAtlas.Web.Catalog;

namespace ModelAtlas.Web.ModelPages.Parts;

/// <param name="Sha">Commit it was read at, where known.</param>
/// <param name="IsCut">Whether there is more than is shown.</param>
internal sealed record ReadLicense(string Path, string? Sha, DateTime ObservedAt, MarkedText Text, bool IsCut);

/// <summary>The licence file of a model, as it was when it was read, held against the known licence that it is.</summary>
internal sealed class LicenseTextReader(CatalogStore store)
{
    /// <summary>Letters. The longest known licence has a third of that.</summary>
    private const int MostShown = 120_000;

    public async Task<ReadLicense?> ReadAsync(int modelId, CancellationToken cancellationToken)
    {
        var card = await store.ReadAsync(db => db.Cards.Where(card => card.ModelId == modelId && card.LicenseText != null)
            .Select(card => new { card.LicensePath, card.LicenseText, card.Sha, card.ObservedAt }).FirstOrDefaultAsync(cancellationToken), cancellationToken);
        if (card?.LicenseText is not { } text) return null;
        var marked = await Task.Run(() => LicenseTexts.Mark(text), cancellationToken);
        var shown = Shown(marked.Pieces).ToList();
        return new(card.LicensePath ?? "LICENSE", card.Sha, card.ObservedAt, marked with { Pieces = shown }, shown.Sum(piece => piece.Text.Length) < marked.Pieces.Sum(piece => piece.Text.Length));
    }

    private static IEnumerable<TextPiece> Shown(IReadOnlyList<TextPiece> pieces)
    {
        var left = MostShown;
        foreach (var piece in pieces)
        {
            if (left <= 0) yield break;
            yield return piece.Text.Length <= left ? piece : piece with { Text = piece.Text[..left] };
            left -= piece.Text.Length;
        }
    }
}
