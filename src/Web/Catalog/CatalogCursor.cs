using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ModelAtlas.Web.Catalog.Index;

namespace ModelAtlas.Web.Catalog;

/// <summary>Where an API page ended, opaque to its reader: the order it was in, the last model's value and id. Means the same after the catalogue has changed.</summary>
/// <param name="Value">A number, the name where that is the order, or nothing.</param>
internal sealed record CatalogCursor(string Value, int Id)
{
    private const int Longest = 1_000;
    private const char Mark = '\n';

    public string Write(CatalogView view) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Mark, Order(view), Id.ToString(CultureInfo.InvariantCulture), Value)));

    public static bool TryRead(string text, CatalogView view, [NotNullWhen(true)] out CatalogCursor? cursor)
    {
        cursor = null;
        if (text.Length > Longest || !Base64Url.IsValid(text)) return false;
        if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Mark, 3) is not [var order, var id, var value]) return false;
        if (order != Order(view) || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (view.Sort != CatalogSort.Name && value.Length > 0 && !IsNumber(value, out _)) return false;
        cursor = new(value, number);
        return true;
    }

    public static CatalogCursor At(CatalogSnapshot index, CatalogSort sort, int document) =>
        new(sort == CatalogSort.Name ? index.Names.Text(document) : index[sort].ValueOf(document)?.ToString(CultureInfo.InvariantCulture) ?? "", index.Ids[document]);

    /// <summary>The place in an index that has changed since, where the model may have gone.</summary>
    public Standing StandingIn(CatalogSnapshot index, CatalogSort sort, bool falling)
    {
        if (sort == CatalogSort.Name) // the number of a name is its place, which moves; the names themselves do not
        {
            var before = index.Names.Place(Encoding.UTF8.GetBytes(Value), isAfter: !falling);
            return falling ? Standing.Of(before, -int.MaxValue, falling) : Standing.Of(before - 1, int.MaxValue, falling);
        }
        var known = index.DocumentOf(Id);
        var document = known >= 0 ? known : falling ? -1 - known : -2 - known; // between two models, the one passed last
        return Standing.Of(IsNumber(Value, out var number) ? number : null, document, falling);
    }

    private static bool IsNumber(string value, out long number) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number > long.MinValue;

    private static string Order(CatalogView view) => $"{view.Sort.Id()} {(view.Descending ? "desc" : "asc")}";
}
